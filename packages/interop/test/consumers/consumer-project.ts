import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { REPOSITORY } from '../examples/find-examples.js'
import { publishedPackages } from './entry-points.js'

const INTEROP = join(REPOSITORY, 'packages', 'interop', 'node_modules')

/** What a consumer has beside our packages. */
const OTHERS = [
  '@fastify/type-provider-typebox',
  '@sinclair/typebox',
  'fastify',
  'fastify-type-provider-zod',
  'typebox',
  'zod',
]

const COMPILERS = {
  /** The workspace's own. */
  7: join(REPOSITORY, 'node_modules', 'typescript', 'bin', 'tsc'),
  /** That of the client's tests: what most services are built with. */
  5: join(REPOSITORY, 'packages', 'client', 'node_modules', 'typescript', 'bin', 'tsc'),
}

/** A strict user: everything that is on in no template, and the declarations of packages are checked too. */
const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  skipLibCheck: false,
  esModuleInterop: true,
  noEmit: true,
  target: 'es2022',
  types: ['node'],
}

/** Files that are compiled together, and how. */
export interface ConsumerProgram {
  readonly files: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
}

/** A service of somebody else: a folder outside of the workspace, from which our packages are found as they are built. */
export class ConsumerProject {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'scs-consumer-')))
  #configs = 0

  constructor() {
    for (const { folder, manifest } of publishedPackages()) this.#link(manifest.name, folder)
    for (const name of OTHERS) this.#link(name, join(INTEROP, name))
    this.#link('@types/node', join(REPOSITORY, 'node_modules', '@types', 'node'))
    this.write('package.json', '{ "type": "module" }')
  }

  #link(name: string, target: string): void {
    const link = join(this.folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(target, link)
  }

  /** Writes a file and returns its path. */
  write(name: string, text: string): string {
    const path = join(this.folder, name)
    writeFileSync(path, text)
    return path
  }

  /** What TypeScript says is wrong in these files of the project; an empty text where nothing is. */
  typeErrors(
    files: readonly string[],
    compilerOptions: Readonly<Record<string, unknown>>,
    compiler: keyof typeof COMPILERS = 7,
  ): string {
    return this.#compile(compiler, '-p', this.#configure('tsconfig.json', files, compilerOptions))
  }

  /**
   * What TypeScript says is wrong in several programs, each with its files and options, all compiled by one process, which takes a fraction of the
   * time. No two have a file in common.
   */
  typeErrorsOfAll(programs: readonly ConsumerProgram[]): string {
    const configs = programs.map(({ files, options }) =>
      // A name of its own, so that nothing counts as built already.
      this.#configure(`tsconfig.${++this.#configs}.json`, files, options),
    )
    return this.#compile(7, '-b', ...configs)
  }

  #configure(
    name: string,
    files: readonly string[],
    options: Readonly<Record<string, unknown>>,
  ): string {
    return this.write(name, JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files }))
  }

  #compile(compiler: keyof typeof COMPILERS, ...args: readonly string[]): string {
    const all = [COMPILERS[compiler], ...args, '--pretty', 'false']
    const run = spawnSync(process.execPath, all, { cwd: this.folder, encoding: 'utf8' })
    if (run.status !== 0 && run.stdout === '') throw new Error(`tsc failed: ${run.stderr}`)
    return run.stdout
  }

  /** What a program of the project prints. */
  outputOf(file: string): string {
    const run = spawnSync(process.execPath, [file], { cwd: this.folder, encoding: 'utf8' })
    if (run.status !== 0) throw new Error(`${file} ended with ${run.status}: ${run.stderr}`)
    return run.stdout
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
