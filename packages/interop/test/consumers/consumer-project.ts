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

/** A service of somebody else: a folder outside of the workspace, from which our packages are found as they are built. */
export class ConsumerProject {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'scs-consumer-')))

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
    const config = { compilerOptions: { ...STRICT, ...compilerOptions }, files }
    this.write('tsconfig.json', JSON.stringify(config))
    const args = [COMPILERS[compiler], '-p', this.folder, '--pretty', 'false']
    const run = spawnSync(process.execPath, args, { cwd: this.folder, encoding: 'utf8' })
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
