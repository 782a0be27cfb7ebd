import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { WorkerMissingError } from '@fastify-scs/store/adapter'
import { ENGINE } from '../failure.js'

/** The address of the workers' module: the given one, or that of this package; undefined in a bundle. */
export function workerUrlOf(given: URL | string | undefined): string | undefined {
  if (given instanceof URL) return given.href
  if (given !== undefined)
    return /^[a-z]{2,}:/.test(given) ? given : pathToFileURL(resolve(given)).href
  // In a CommonJS bundle a module does not know its own address.
  const here: string | undefined = import.meta.url
  // In any other bundle, a worker.js beside it may be the application's own.
  if (here === undefined || !/\/worker-url\.[jt]s$/.test(here)) return undefined
  // From the sources, as in tests, the built worker is used: not every Node runs TypeScript.
  return new URL(here.endsWith('.ts') ? '../../dist/worker.js' : '../worker.js', here).href
}

/** Checks the address that a thread is started with. @throws WorkerMissingError when there is no such file */
export function checkWorkerUrl(url: string | undefined): URL {
  if (url === undefined) throw new WorkerMissingError(ENGINE, 'its place in a bundle')
  const checked = new URL(url)
  if (checked.protocol === 'file:' && !existsSync(checked))
    throw new WorkerMissingError(ENGINE, fileURLToPath(checked))
  return checked
}
