import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** The folder of the workspace. */
export const WORKSPACE: string = join(import.meta.dirname, '..', '..', '..', '..')

/** The packages that are published: what docs/architecture.md says is said of them. */
export const PUBLISHED = [
  'cli',
  'client',
  'console',
  'core',
  'error-reporter',
  'fastify-scs',
  'integration-log',
  'query-log',
  'slow-call',
  'store',
  'store-postgres',
  'store-sqlite',
  'testing',
] as const

/** One source file and what it imports. */
export interface SourceFile {
  /** From the folder of the workspace: `packages/core/src/index.ts`. */
  readonly path: string
  readonly text: string
  /** Relative imports, types included, as paths from the folder of the workspace. */
  readonly imports: readonly string[]
  /** Imports of other packages, as they are written. */
  readonly packages: readonly string[]
}

const IMPORT = /(?:^|\s)(?:from|import)\s*\(?\s*'([^']+)'/g

/** Reads the source files of a published package, or of another folder of it. */
export function readSources(name: string, part = 'src'): readonly SourceFile[] {
  const folder = join(WORKSPACE, 'packages', name, part)
  return filesBelow(folder).map((full) => {
    const text = readFileSync(full, 'utf8')
    const named = [...text.matchAll(IMPORT)].map(([, from = '']) => from)
    const imports = named
      .filter((from) => from.startsWith('.') && !from.endsWith('.css'))
      .map((from) => fromWorkspace(sourceOf(join(dirname(full), from))))
    const packages = named.filter((from) => !from.startsWith('.') && !from.startsWith('node:'))
    return { path: fromWorkspace(full), text, imports, packages }
  })
}

/** The TypeScript files, with or without JSX, of a folder and of those below it, as whole paths. */
export function filesBelow(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => /\.tsx?$/.test(name)).map((name) => join(folder, name))
}

/** The file that an import of `.js` is compiled from. */
function sourceOf(imported: string): string {
  const plain = imported.replace(/\.js$/, '.ts')
  return existsSync(plain) ? plain : imported.replace(/\.js$/, '.tsx')
}

function fromWorkspace(path: string): string {
  return relative(WORKSPACE, path)
}

/** The first circle of imports among files, as the files that one passes; undefined where there is none. */
export function findCircle(files: readonly SourceFile[]): readonly string[] | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const done = new Set<string>()
  const walk = (path: string, way: readonly string[]): readonly string[] | undefined => {
    const start = way.indexOf(path)
    if (start !== -1) return [...way.slice(start), path]
    if (done.has(path)) return undefined
    for (const next of byPath.get(path)?.imports ?? []) {
      const circle = walk(next, [...way, path])
      if (circle !== undefined) return circle
    }
    done.add(path)
    return undefined
  }
  for (const { path } of files) {
    const circle = walk(path, [])
    if (circle !== undefined) return circle
  }
  return undefined
}

const DECLARATION =
  /^(?:export )?(let|var|const) (\w+)(?:: (?!ReadonlyMap|ReadonlySet)[^=\n]+)?\s=\s+(?:new (.*)|(\[\]|\{\}))?/gm
/** Made to be filled, whatever its name is. */
const FILLED_LATER = /^(?:Map|Set)(?:<.*>)?\(\)|^(?:WeakMap|WeakSet|AsyncLocalStorage)\b/
const CONSTANT_CLASS = /^(?:Map|Set|RegExp|URL|TextEncoder|TextDecoder)\b/
/** By convention: `NAMES`. */
const CONSTANT_NAME = /^[A-Z][A-Z\d_]*$/

/** The names of what a module keeps between calls: variables, collections that are made empty, and instances of a class. */
export function moduleStateOf({ text }: SourceFile): readonly string[] {
  return [...text.matchAll(DECLARATION)]
    .filter(([, kind, name = '', made, empty]) => {
      if (kind !== 'const') return true
      if (made !== undefined && FILLED_LATER.test(made)) return true
      if (CONSTANT_NAME.test(name)) return false
      return empty !== undefined || (made !== undefined && !CONSTANT_CLASS.test(made))
    })
    .map(([, , name = '']) => name)
}
