import { defineAuditEvent, defineError, RequestTimeoutError } from '@fastify-scs/core'
import type { IntegrationRecord } from '@fastify-scs/integration-log'
import {
  auditTrail,
  expectError,
  type FoundError,
  type OutboundCall,
  outbound,
  reports,
  type SeenReport,
} from '@fastify-scs/testing'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'

declare const app: FastifyInstance
declare const record: IntegrationRecord
const placed = defineAuditEvent({
  type: 'orders-placed',
  level: 'info',
  messageTemplate: 'Order {order} was placed by {user}',
})
const soldOut = defineError({
  code: 409,
  id: 'orders-sold-out',
  message: 'Only {left} are left',
  details: Type.Object({ left: Type.Integer() }),
})

// What the integration log records is what the view shows.
const call: OutboundCall = record
void call

const trail = auditTrail(app)
const { details } = await trail.one(placed)
void details.order
const many = await trail.all(({ type, details: { order } }) => type === 'x' && order === '1')
void many[0]?.details.anything
// @ts-expect-error the kind of a report has a fixed set of values
await reports(app).one(({ kind }) => kind === 'quick')
const report: SeenReport = await reports(app).waitFor('fatal', { timeoutMs: 100 })
void report
const url: string | null = (await outbound(app).one('payments')).url
void url

const injected: FoundError<{ left: number }> = expectError(await app.inject('/'), soldOut)
const byClass: FoundError = expectError(await app.inject('/'), RequestTimeoutError)
const byId: FoundError = expectError(await app.inject('/'), 'orders-sold-out')
void [byClass, byId]
const fetched: Promise<FoundError<{ left: number }>> = expectError(await fetch('/'), soldOut)
void [injected, fetched]
// @ts-expect-error a status is no error
expectError(await app.inject('/'), 409)
