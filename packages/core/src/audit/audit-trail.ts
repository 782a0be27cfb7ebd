import type { FastifyRequest } from 'fastify'
import { AuditFieldMissingError, DefinitionError } from '../errors.js'
import { isObject, show } from '../kit/unknown-value.js'
import type { Redactor } from '../redact/redactor.js'
import { pathOf } from '../request/request-facts.js'
import type { UserFinder } from '../request/user.js'
import type { AuditEvent } from './audit-event.js'
import type { AuditEventRegistry } from './audit-event-registry.js'
import type { AuditLog } from './audit-log.js'

/** Called with each event when its line has been written; `request` is undefined for an event outside of a request. */
export type AuditListener = (event: AuditEvent, request: FastifyRequest | undefined) => void

type EventDetails = AuditEvent['event']['details']

/** What an audit trail is made of. */
export interface AuditTrailParts {
  readonly registry: AuditEventRegistry
  readonly log: AuditLog
  readonly redactor: Redactor
  readonly source: string
  readonly findUser: UserFinder
  /** Gets what a listener throws. */
  readonly onListenerFailure: (error: unknown) => void
}

/** Makes events of what the application adds, writes them and passes them on to listeners. */
export class AuditTrail {
  readonly #parts: AuditTrailParts
  readonly #listeners = new Set<AuditListener>()

  constructor(parts: AuditTrailParts) {
    this.#parts = parts
  }

  /**
   * Adds an event, of a request or outside of one. The details are copied and redacted, and the line is written, before it returns.
   *
   * @throws SCS_ERR_AUDIT_EVENT_UNKNOWN, SCS_ERR_AUDIT_FIELD_MISSING, SCS_ERR_DEFINITION
   */
  add(type: string, given: Readonly<Record<string, unknown>>, request?: FastifyRequest): void {
    const { registry, log, redactor, source, onListenerFailure } = this.#parts
    const { level, template } = registry.get(type)
    if (!isObject(given) || Array.isArray(given)) {
      throw new DefinitionError('addAuditEvent', 'details', 'an object', show(given))
    }
    const known = this.#known(request, template.fields)
    for (const field of template.fields) {
      const isGiven = Object.hasOwn(given, field) && given[field] !== undefined
      if (!isGiven && !Object.hasOwn(known, field)) throw new AuditFieldMissingError(type, field)
    }
    const details = redactor.value(detailsOf(known, given, request)) as EventDetails
    const message = template.render(details)
    const date = new Date().toISOString()
    const event = { level, date, message, event: { type, details }, source }
    log.write(event)
    for (const listener of this.#listeners) {
      try {
        listener(event, request)
      } catch (error) {
        onListenerFailure(error)
      }
    }
  }

  /** Passes every further event on to a listener; the returned function ends it. */
  subscribe(listener: AuditListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #known(request: FastifyRequest | undefined, fields: readonly string[]): Record<string, unknown> {
    if (request === undefined) {
      const nobody = { ip: null, path: null }
      return fields.includes('user') ? { ...nobody, user: null } : nobody
    }
    const known = { ip: request.ip, path: pathOf(request.url) }
    const user = this.#parts.findUser(request)
    return user === null && !fields.includes('user') ? known : { ...known, user }
  }
}

/** Merges the details so that what is spread into them (a request's body, say) never replaces the request's address, path or user. */
function detailsOf(
  known: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
  request: FastifyRequest | undefined,
): Readonly<Record<string, unknown>> {
  if (request === undefined) return { ...known, ...given }
  if (!Object.hasOwn(given, 'user') || Object.hasOwn(known, 'user')) {
    return { ...known, ...given, ...known }
  }
  const { user: _claimed, ...rest } = given
  return { ...known, ...rest, ...known }
}
