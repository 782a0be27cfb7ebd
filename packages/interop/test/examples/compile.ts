import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExampleModule } from './example-module.js'
import { REPOSITORY } from './find-examples.js'

const TSC = join(REPOSITORY, 'node_modules', 'typescript', 'bin', 'tsc')

/** A parameter has no type: JavaScript has no place for one. */
const UNTYPED = /^error TS70(?:06|31):/

/** Modules that are imported by examples and are none of this package's dependencies. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  '@fastify-scs/client': 'packages/client/dist/index.d.ts',
  '@fastify-scs/store-postgres': 'packages/store-postgres/dist/index.d.ts',
}

/** Puts modules into an empty folder from which the packages are found as they are built. */
export function writeModules(folder: string, modules: readonly ExampleModule[]): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const { name, source } of modules) writeFileSync(join(folder, `${name}.ts`), source)
  for (const file of ['reader.ts', 'around-fragments.ts', 'orders-errors.ts', 'orders-api.ts']) {
    copyFileSync(join(import.meta.dirname, file), join(folder, file))
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const paths = Object.entries(ELSEWHERE).map(([name, path]) => [name, [join(REPOSITORY, path)]])
  const config = {
    extends: join(REPOSITORY, 'tsconfig.json'),
    compilerOptions: {
      composite: false,
      declaration: false,
      declarationMap: false,
      isolatedDeclarations: false,
      noEmit: true,
      paths: Object.fromEntries(paths),
    },
    include: ['.'],
    references: [],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
}

/** What TypeScript says is wrong in a folder of modules, with the pages' own lines: `README.md:12: ...`. */
export function compileErrors(
  folder: string,
  modules: readonly ExampleModule[],
): readonly string[] {
  const run = spawnSync(process.execPath, [TSC, '-p', folder, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  })
  // What begins with a space goes on with the line before.
  const lines = run.stdout.split(/\n(?! )/).filter((line) => line !== '')
  if (run.status !== 0 && lines.length === 0) throw new Error(`tsc failed: ${run.stderr}`)
  return lines.flatMap((line) => {
    const [, file, at, message = ''] = /^([\w.-]+)\.ts\((\d+),\d+\): (.*)$/s.exec(line) ?? []
    const found = modules.find(({ name }) => name === file)
    if (found === undefined) return [line]
    const { page, line: fence, language } = found.example
    if (language === 'js' && UNTYPED.test(message)) return []
    return [`${page}:${fence + Number(at) - 1}: ${message}`]
  })
}
