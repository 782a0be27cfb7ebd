import { isMissingFile, threadUrlOf } from '@fastify-scs/core/kit'

/** The address of the module that reads code: the given one, or that of this package; undefined where there is no such file. */
export function codeWorkerUrl(given: URL | string | undefined): URL | undefined {
  const here: string | undefined = import.meta.url
  const url = threadUrlOf(given, { here, askedBy: 'code/code-worker-url', name: 'code-worker' })
  return url === undefined || isMissingFile(url) ? undefined : url
}
