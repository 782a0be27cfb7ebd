import type { JsonValue } from '@fastify-scs/core'
import type { StoreRecord } from '@fastify-scs/core/kit'
import { keysOf, type RequestFacts } from './request-facts.js'
import type { SeededRandom } from './seeded-random.js'

/** The audit events of the week. */
const EVENTS = {
  ordered: {
    type: 'orders-ordered',
    level: 'INFO',
    template: "User '{user}' has ordered {amount} of {article}",
  },
  cancelled: {
    type: 'orders-cancelled',
    level: 'INFO',
    template: "User '{user}' has cancelled order {order}",
  },
  refunded: {
    type: 'payments-refunded',
    level: 'WARN',
    template: "User '{user}' has refunded order {order}: {reason}",
  },
  role: {
    type: 'users-role-changed',
    level: 'WARN',
    template: "User '{user}' has given '{member}' the role {role}",
  },
  exported: {
    type: 'reports-exported',
    level: 'INFO',
    template: "User '{user}' has exported {rows} rows of {table}",
  },
  guessed: {
    type: 'login-guard-attempt-failed',
    level: 'WARN',
    template: 'A false authentication attempt came from {ip}: {reason}',
  },
  stopped: {
    type: 'login-guard-address-stopped',
    level: 'ERROR',
    template: 'The address {ip} was stopped after {attempts} false attempts',
  },
  tampered: {
    type: 'payments-signature-wrong',
    level: 'FATAL',
    template: 'A payment notification from {ip} has a false signature',
  },
} as const

/** The name of an audit event. */
export type AuditName = keyof typeof EVENTS

/** An audit event within a request. */
export function makeAuditEvent(
  random: SeededRandom,
  request: RequestFacts,
  name: AuditName,
  at: number,
  given: Readonly<Record<string, JsonValue>> = {},
): StoreRecord {
  const { type, level, template } = EVENTS[name]
  const user = request.person?.id
  const details: Record<string, JsonValue> = {
    ip: request.person?.ip ?? '198.51.100.23',
    path: request.path,
    ...(user === undefined ? {} : { user }),
    order: request.orderId,
    ...given,
  }
  const message = template.replaceAll(/\{(\w+)\}/g, (_all, field: string) => String(details[field]))
  return {
    kind: 'audit_events',
    id: random.idAt(at),
    createdAt: Math.floor(at),
    revision: 0,
    keys: { ...keysOf(request), service: 'orders', fingerprint: type, level, summary: message },
    data: {
      level,
      date: new Date(at).toISOString(),
      message,
      event: { type, details },
      source: 'orders',
      requestId: request.id,
    },
    importance: 'high',
  }
}
