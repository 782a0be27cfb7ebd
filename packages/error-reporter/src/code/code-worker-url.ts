import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The address of the module that reads code: the given one, or that of this package; undefined where there is no such file. */
export function codeWorkerUrl(given: URL | string | undefined): URL | undefined {
  const url = given === undefined ? ownUrl() : urlOf(given)
  return url === undefined || (url.protocol === 'file:' && !existsSync(url)) ? undefined : url
}

function urlOf(given: URL | string): URL {
  if (given instanceof URL) return given
  return /^[a-z]{2,}:/.test(given) ? new URL(given) : pathToFileURL(resolve(given))
}

function ownUrl(): URL | undefined {
  // In a CommonJS bundle a module does not know its own address.
  const here: string | undefined = import.meta.url
  // In any other bundle, what lies beside it may be the application's own.
  if (here === undefined || !/\/code-worker-url\.[jt]s$/.test(here)) return undefined
  // From the sources, as in tests, the built worker is used: not every Node runs TypeScript.
  return new URL(here.endsWith('.ts') ? '../../dist/code-worker.js' : '../code-worker.js', here)
}
