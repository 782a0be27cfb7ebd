import { fileURLToPath } from 'node:url'
import { isMissingFile, threadUrlOf } from '@fastify-scs/core/kit/plain'
import { WorkerMissingError } from '@fastify-scs/store/adapter'
import { ENGINE } from '../failure.js'

/** The address of the workers' module: the given one, or that of this package; undefined in a bundle. */
export function workerUrlOf(given: URL | string | undefined): string | undefined {
  const here: string | undefined = import.meta.url
  return threadUrlOf(given, { here, askedBy: 'threads/worker-url', name: 'worker' })?.href
}

/** Checks the address that a thread is started with. @throws WorkerMissingError when there is no such file */
export function checkWorkerUrl(url: string | undefined): URL {
  if (url === undefined) throw new WorkerMissingError(ENGINE, 'its place in a bundle')
  const checked = new URL(url)
  if (isMissingFile(checked)) throw new WorkerMissingError(ENGINE, fileURLToPath(checked))
  return checked
}
