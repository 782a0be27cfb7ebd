import { isMissingFile, threadUrlOf } from '@fastify-scs/core/kit'

/** The module of the watchdog's thread: the given one, or that of this package; undefined where there is no such file, as in a bundle. */
export function workerUrlOf(given: URL | string | undefined): URL | undefined {
  const here: string | undefined = import.meta.url
  const url = threadUrlOf(given, { here, askedBy: 'blocked/worker-url', name: 'blocked-worker' })
  return url === undefined || isMissingFile(url) ? undefined : url
}
