import { UrlError } from '../errors.js'

/** A service, as far as it decides where its calls may lead. */
export interface ServiceTarget {
  readonly name: string
  readonly origin: string | undefined
}

/**
 * What fetch is to be asked for: a relative URL leads to the service's origin. A URL of another origin is refused, since what
 * belongs to the service (keys that are redacted, TLS, a proxy) was not declared for it.
 *
 * @throws SCS_INTEGRATION_ERR_URL
 */
export function requestTarget(
  service: ServiceTarget,
  input: string | URL | Request,
): string | URL | Request {
  const { origin } = service
  if (typeof input === 'string') {
    // The usual case, which fetch then parses, once.
    if (origin !== undefined && input.startsWith('/') && input[1] !== '/' && input[1] !== '\\') {
      return origin + input
    }
    return resolve(service, input)
  }
  const url = input instanceof Request ? new URL(input.url) : input
  refuseOther(service, url)
  return input
}

function resolve(service: ServiceTarget, input: string): string | URL {
  const { name, origin } = service
  if (!URL.canParse(input, origin)) {
    // Fetch has words of its own for what is no URL at all.
    if (origin !== undefined) return input
    throw new UrlError(name, 'a relative URL', 'it has no origin')
  }
  const url = new URL(input, origin)
  refuseOther(service, url)
  return url
}

function refuseOther({ name, origin }: ServiceTarget, url: URL): void {
  if (origin === undefined || url.origin === origin) return
  throw new UrlError(name, url.origin, `its origin is ${origin}`)
}
