import {
  copyFileSync,
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
import { runProgram } from './run-program.js'

/** A bundler and the form of what it makes. */
export type Bundler = 'esbuild, ESM' | 'esbuild, CommonJS' | 'rollup, ESM'

const require = createRequire(import.meta.url)

/** What a bundler made of the programs of `programs/bundled`. */
export interface Bundles {
  readonly folder: string
  readonly bundler: Bundler
}

/** Bundles each of these programs into one file, and the module of each kind of thread into another. */
export async function makeBundles(bundler: Bundler, programs: readonly string[]): Promise<Bundles> {
  const folder = mkdtempSync(join(tmpdir(), 'scs-bundles-'))
  await runProgram('bundle.mjs', bundler, folder, ...programs)
  return { folder, bundler }
}

/**
 * A new folder outside of the workspace with nothing but one bundled program, `main.js`, the modules of threads that are wanted, and
 * better-sqlite3, which is native and stays outside of a bundle.
 */
export function deploy(
  { folder, bundler }: Bundles,
  program: string,
  workers: readonly string[],
): string {
  const target = realpathSync(mkdtempSync(join(tmpdir(), 'scs-bundled-')))
  copyFileSync(join(folder, `${program}.js`), join(target, 'main.js'))
  for (const worker of workers) copyFileSync(join(folder, worker), join(target, worker))
  const type = bundler === 'esbuild, CommonJS' ? 'commonjs' : 'module'
  writeFileSync(join(target, 'package.json'), JSON.stringify({ type }))
  mkdirSync(join(target, 'node_modules'))
  const native = dirname(require.resolve('better-sqlite3/package.json'))
  symlinkSync(native, join(target, 'node_modules', 'better-sqlite3'))
  return target
}

/** Removes what `makeBundles` or `deploy` made. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}
