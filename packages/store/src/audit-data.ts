import type { JsonValue } from '@fastify-scs/core'

/** The data of a stored audit event. A type, so that it is JSON for the compiler too. */
export type StoredAuditEvent = {
  readonly level: string
  /** ISO 8601, UTC. */
  readonly date: string
  readonly message: string
  readonly event: {
    readonly type: string
    readonly details: { readonly [field: string]: JsonValue }
  }
  /** The service's name. */
  readonly source: string
  readonly requestId: string | null
  /** The path of the request. */
  readonly url: string | null
}
