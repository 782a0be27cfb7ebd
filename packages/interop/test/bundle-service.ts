import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { REPOSITORY } from './examples/find-examples.js'
import { runProgram } from './run-program.js'

/** A bundler and the form of what it makes. */
export type Bundler = 'esbuild, ESM' | 'esbuild, CommonJS' | 'rollup, ESM'

/** What a bundler made of the service of `programs/bundled`. */
export interface Bundle {
  readonly folder: string
  readonly bundler: Bundler
  /** What the bundler has warned of. */
  readonly warnings: readonly string[]
}

/** The modules of the threads, each a file of its own. */
export const WORKERS: readonly string[] = ['worker.js', 'code-worker.js', 'blocked-worker.js']

const require = createRequire(import.meta.url)

/** Bundles the service into one file, `main.js`, and the module of each kind of thread into another. */
export async function makeBundle(bundler: Bundler): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), 'scs-bundles-'))
  const warnings = (await runProgram('bundle.mjs', bundler, folder)) as string[]
  return { folder, bundler, warnings }
}

/**
 * A new folder outside of the workspace with nothing but the bundle, these modules of threads, the console's page and better-sqlite3, which is
 * native and stays outside of a bundle.
 */
export function deploy({ folder, bundler }: Bundle, workers: readonly string[]): string {
  const target = realpathSync(mkdtempSync(join(tmpdir(), 'scs-bundled-')))
  for (const file of ['main.js', ...workers]) copyFileSync(join(folder, file), join(target, file))
  cpSync(join(REPOSITORY, 'packages/console/assets'), join(target, 'page'), { recursive: true })
  const type = bundler === 'esbuild, CommonJS' ? 'commonjs' : 'module'
  writeFileSync(join(target, 'package.json'), JSON.stringify({ type }))
  mkdirSync(join(target, 'node_modules'))
  const native = dirname(require.resolve('better-sqlite3/package.json'))
  symlinkSync(native, join(target, 'node_modules', 'better-sqlite3'))
  return target
}

/** Removes what `makeBundle` or `deploy` made. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}
