import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const PACKAGE = join(import.meta.dirname, '..')
// TypeScript 7, the workspace's own: openapi-typescript brings an older one.
const TSC = join(PACKAGE, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc')

/** A folder outside of the workspace, from which packages are found as they are built. */
export class ScratchProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'scs-client-'))

  /** @param packages what may be imported there: names of this package's dependencies */
  constructor(...packages: readonly string[]) {
    this.#link('@fastify-scs/client', PACKAGE)
    for (const name of packages) this.#link(name, join(PACKAGE, 'node_modules', name))
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

  /** What TypeScript says is wrong, declarations of packages included; an empty text where nothing is. */
  typeErrors(compilerOptions: Readonly<Record<string, unknown>> = {}): string {
    const strict = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
      target: 'es2022',
      module: 'nodenext',
      types: [],
    }
    const config = { compilerOptions: { ...strict, ...compilerOptions }, include: ['*.ts'] }
    this.write('tsconfig.json', JSON.stringify(config))
    const run = spawnSync(process.execPath, [TSC, '-p', this.folder, '--pretty', 'false'], {
      cwd: this.folder,
      encoding: 'utf8',
    })
    if (run.status !== 0 && run.stdout === '') throw new Error(`tsc failed: ${run.stderr}`)
    return run.stdout
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
