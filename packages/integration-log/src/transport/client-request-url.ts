import type { ClientRequest } from 'node:http'

/** The absolute URL that a request of node:http leads to. */
export function clientRequestUrl(request: ClientRequest): string {
  const { path } = request
  // Through a proxy, the path may be all of the URL.
  if (path.startsWith('http://') || path.startsWith('https://')) return path
  return `${request.protocol}//${authorityOf(request)}${path}`
}

/** The port is kept only in the Host header, which the host may have set to another name. */
function authorityOf(request: ClientRequest): string {
  const hostname = request.host.includes(':') ? `[${request.host}]` : request.host
  const header = request.getHeader('host')
  if (typeof header !== 'string') return hostname
  const isSame = header === hostname || header.startsWith(`${hostname}:`)
  return isSame ? header : hostname
}
