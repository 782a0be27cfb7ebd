import type { ThrownNode } from '@fastify-scs/core/kit'

/** From here on the system gives ports out as it likes: they say nothing of a service. */
const FIRST_DYNAMIC_PORT = 32_768

/** What Node and undici tell of where a connection has failed to. */
interface Connection {
  readonly address?: unknown
  readonly hostname?: unknown
  readonly port?: unknown
  readonly socket?: unknown
}

/**
 * Where a connection has failed to, `10.0.0.7:5432` or `db.internal`; undefined for any other failure. Never throws.
 *
 * Source: https://nodejs.org/api/errors.html#class-systemerror, and undici's SocketError.
 */
export function destinationOf({ value, code }: ThrownNode): string | undefined {
  // Whatever fails to connect has a code, and most errors have none.
  if (code === undefined || typeof value !== 'object' || value === null) return undefined
  try {
    const { address, hostname, port, socket } = value as Connection
    const host = textOf(hostname) ?? textOf(address)
    if (host !== undefined) return withPort(host, port)
    const { remoteAddress, remotePort } = (socket ?? {}) as Record<string, unknown>
    const remote = textOf(remoteAddress)
    return remote === undefined ? undefined : withPort(remote, remotePort)
  } catch {
    // A getter or a Proxy trap threw.
    return undefined
  }
}

function withPort(host: string, port: unknown): string {
  return typeof port === 'number' && port < FIRST_DYNAMIC_PORT ? `${host}:${port}` : host
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
