import type { AuditEvent, JsonValue, Scs } from '@fastify-scs/core'
import type { FastifyRequest } from 'fastify'

/** How many audit events of a request a report shows: the newest ones. */
export const MAX_AUDIT_EVENTS = 50

interface Trail {
  readonly events: AuditEvent[]
  dropped: number
}

/** Keeps the newest audit events of each request as long as the request object lives; the function that is returned ends it. */
export function keepAuditEvents(scs: Scs): () => void {
  const trails = new WeakMap<FastifyRequest, Trail>()
  const endListening = scs.audit.subscribe((event, request) => {
    if (request === undefined) return
    let trail = trails.get(request)
    if (trail === undefined) {
      trail = { events: [], dropped: 0 }
      trails.set(request, trail)
    }
    trail.events.push(event)
    if (trail.events.length <= MAX_AUDIT_EVENTS) return
    trail.events.shift()
    trail.dropped++
  })
  const endTelling = scs.requestFacts.add('audit_events', (request) => {
    const trail = trails.get(request)
    if (trail === undefined) return undefined
    const events: JsonValue[] = trail.events.map(({ level, date, message, event }) => {
      return { level, date, message, type: event.type, details: { ...event.details } }
    })
    return trail.dropped === 0 ? events : [`[${trail.dropped} older ones]`, ...events]
  })
  return () => {
    endListening()
    endTelling()
  }
}
