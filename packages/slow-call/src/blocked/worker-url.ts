import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The module of the watchdog's thread: the given one, or that of this package; undefined where there is no such file, as in a bundle. */
export function workerUrlOf(given: URL | string | undefined): URL | undefined {
  const url = given === undefined ? ownWorkerUrl() : givenUrl(given)
  return url === undefined || (url.protocol === 'file:' && !existsSync(url)) ? undefined : url
}

function givenUrl(given: URL | string): URL {
  if (given instanceof URL) return given
  return /^[a-z]{2,}:/.test(given) ? new URL(given) : pathToFileURL(resolve(given))
}

function ownWorkerUrl(): URL | undefined {
  // In a CommonJS bundle a module does not know its own address.
  const here: string | undefined = import.meta.url
  // In any other bundle, a file of this name beside it may be the application's own.
  if (here === undefined || !/\/blocked\/worker-url\.[jt]s$/.test(here)) return undefined
  // From the sources, as in tests, the built worker is used: not every Node runs TypeScript.
  return new URL(
    here.endsWith('.ts') ? '../../dist/blocked-worker.js' : '../blocked-worker.js',
    here,
  )
}
