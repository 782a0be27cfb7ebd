import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ExportedNames, exportedNames } from './exported-names.js'
import type { Example } from './find-examples.js'

const IMPORT = /^import (?:[^;'"]*? from )?['"][^'"]+['"]/gm

/** An example as a module of TypeScript; its first line is ours, the others are the page's, line for line. */
export interface ExampleModule {
  readonly example: Example
  /** The name of its file, without an ending. */
  readonly name: string
  /** Whether it is a whole program, which can be run. */
  readonly isProgram: boolean
  readonly source: string
}

/** Makes modules of examples. */
export class ExampleModules {
  readonly #exported: readonly ExportedNames[] = exportedNames()
  readonly #reader = namesDeclaredIn('reader.ts')
  readonly #around = namesDeclaredIn('around-fragments.ts')

  /**
   * A whole program, which begins with Fastify, has to import what it uses; only what its reader has is given to it. A fragment
   * is put into a function, with what the packages export and what stands around it.
   */
  moduleOf(example: Example): ExampleModule {
    const { page, line, code, language } = example
    const name = `${page.replace(/\.md$/, '').replace(/[^\w]+/g, '-')}-${line}`
    const isProgram = /^import Fastify\b.* from 'fastify'/m.test(code)
    const written = language === 'js' ? asTypeScript(code) : code
    const source = isProgram ? this.#program(written) : this.#fragment(example, written)
    return { example, name, isProgram, source }
  }

  #program(code: string): string {
    const reader = importsOf(code, './reader.js', this.#reader, ownNamesOf(code))
    const exportsApp = /^(?:const|let) app\b/m.test(code) ? 'export { app }' : ''
    return `${reader}\n${code}\n${exportsApp}\n`
  }

  #fragment({ given }: Example, code: string): string {
    const imports = [...code.matchAll(IMPORT)].map(([text]) => text.replaceAll('\n', ' '))
    // The lines stay where they are.
    const rest = code.replace(IMPORT, (text) => text.replace(/[^\n]/g, ''))
    const isModule = /^(?:export|declare module) /m.test(rest)
    const own = new Set([...imports.flatMap(importedIn), ...given])
    if (isModule) for (const name of ownNamesOf(rest)) own.add(name)
    const header = [
      ...imports,
      ...this.#exported.map((names) => importOf(rest, names, own)),
      importsOf(rest, './reader.js', this.#reader, own),
      importsOf(rest, './around-fragments.js', this.#around, own),
      ...given.map((name) => `declare const ${name}: any`),
    ]
    const [begin, end] = isModule ? ['', ''] : ['export async function example() {', '}']
    return `${[...header, begin].filter((part) => part !== '').join('; ')}\n${rest}\n${end}\n`
  }
}

/** JavaScript has no type parameters by which a route could say what its requests bring. */
function asTypeScript(code: string): string {
  return code.replace(/\brequest\.(params|query|body)\b/g, '(request.$1 as any)')
}

function importOf(code: string, names: ExportedNames, own: ReadonlySet<string>): string {
  const { module, defaultName, values, types } = names
  const words = new Set(wordsOf(code))
  const isUsed = (name: string): boolean => words.has(name) && !own.has(name)
  const parts = [
    ...(defaultName !== undefined && isUsed(defaultName) ? [`default as ${defaultName}`] : []),
    ...values.filter(isUsed),
    ...types.filter(isUsed).map((name) => `type ${name}`),
  ]
  return parts.length === 0 ? '' : `import { ${parts.join(', ')} } from '${module}'`
}

function importsOf(
  code: string,
  module: string,
  values: readonly string[],
  own: ReadonlySet<string>,
): string {
  return importOf(code, { module, defaultName: undefined, values, types: [] }, own)
}

function wordsOf(code: string): readonly string[] {
  return code.match(/[\w$]+/g) ?? []
}

function importedIn(text: string): readonly string[] {
  return wordsOf(text.replace(/ from .*/, '').replace(/^import /, ''))
}

/** The names that a module declares or imports at its top level. */
function ownNamesOf(code: string): Set<string> {
  const declared = code.matchAll(/^(?:export )?(?:const|let|class|function|async function) (\w+)/gm)
  const taken = code.matchAll(/^(?:export )?(?:const|let) [{[]([^=]*)[}\]] =/gm)
  return new Set([
    ...[...code.matchAll(IMPORT)].flatMap(([text]) => importedIn(text)),
    ...[...declared].map(([, name]) => name as string),
    ...[...taken].flatMap(([, names]) => wordsOf(names as string)),
  ])
}

function namesDeclaredIn(file: string): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, file), 'utf8')
  const declared = /^export (?:declare )?(?:async )?(?:const|function) (\w+)/gm
  return [...text.matchAll(declared)].map(([, name]) => name as string)
}
