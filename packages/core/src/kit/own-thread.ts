import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { WorkerOptions } from 'node:worker_threads'

/** Where a package has the module of a thread of its own. */
export interface ThreadModule {
  /** The `import.meta.url` of the module that asks; in a CommonJS bundle there is none. */
  readonly here: string | undefined
  /** The path of the module that asks, from the folder of sources, without an extension: a folder and a name. */
  readonly askedBy: string
  /** The name of the thread's module in the folder of sources, without an extension. */
  readonly name: string
}

/** The address of a thread's module: the given one, a URL or a path, or the package's own; undefined in a bundle. Whether there is such a file is not looked at. */
export function threadUrlOf(
  given: URL | string | undefined,
  { here, askedBy, name }: ThreadModule,
): URL | undefined {
  if (given instanceof URL) return given
  if (given !== undefined)
    return /^[a-z]{2,}:/.test(given) ? new URL(given) : pathToFileURL(resolve(given))
  // In a bundle, a file of that name beside it may be the application's own.
  const ending = [`/${askedBy}.js`, `/${askedBy}.ts`].find((each) => here?.endsWith(each))
  if (ending === undefined) return undefined
  // From the sources, as in tests, the built module is used: not every Node runs TypeScript.
  const folder = ending.endsWith('.ts') ? '../../dist' : '..'
  return new URL(`${folder}/${name}.js`, here)
}

/** Whether an address names a file, and there is none. */
export function isMissingFile(url: URL): boolean {
  return url.protocol === 'file:' && !existsSync(url)
}

/**
 * Options of a thread of a package's own, without the host's flags: a loader or an instrumentation that it preloads, also by `NODE_OPTIONS`, is
 * for its main thread, and would be started once more in each thread. With Yarn's Plug'n'Play, which is preloaded so, no package is found
 * without it.
 */
export function ownThreadOptions(name: string): Pick<WorkerOptions, 'name' | 'execArgv' | 'env'> {
  if (process.versions.pnp !== undefined) return { name }
  // Without arguments given, a thread has those of the process; with them, those of NODE_OPTIONS nevertheless.
  const { NODE_OPTIONS: _, ...env } = process.env
  return { name, execArgv: [], env }
}
