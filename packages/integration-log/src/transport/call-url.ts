import type { ClientRequest } from 'node:http'
import { stringify } from 'node:querystring'

/** The options of undici that make up a URL. */
interface Target {
  readonly origin?: string | URL | undefined
  readonly path: string
  readonly query?: Record<string, unknown> | undefined
}

/** The origin of a call's target in the form of `URL.origin`; anything else unchanged. */
export function originOf(origin: string | URL | undefined): string {
  if (origin === undefined) return ''
  if (typeof origin !== 'string') return origin.origin
  return origin.endsWith('/') ? origin.slice(0, -1) : origin
}

/** The absolute URL that a request of undici leads to. */
export function callUrl({ origin, path, query }: Target): string {
  // Through a proxy, the path may be all of the URL.
  const isAbsolute = path.startsWith('http://') || path.startsWith('https://')
  const url = isAbsolute ? path : originOf(origin) + path
  if (query === undefined || query === null) return url
  const search = stringify(query as Parameters<typeof stringify>[0])
  return search === '' ? url : `${url}?${search}`
}

/** The absolute URL that a request of node:http leads to. */
export function clientRequestUrl(request: ClientRequest): string {
  const { path } = request
  // Through a proxy, the path may be all of the URL.
  if (path.startsWith('http://') || path.startsWith('https://')) return path
  return `${request.protocol}//${authorityOf(request)}${path}`
}

/** Only the Host header has the port, and the application may have set that header to another name. */
function authorityOf(request: ClientRequest): string {
  const hostname = request.host.includes(':') ? `[${request.host}]` : request.host
  const header = request.getHeader('host')
  if (typeof header !== 'string') return hostname
  const isSame = header === hostname || header.startsWith(`${hostname}:`)
  return isSame ? header : hostname
}
