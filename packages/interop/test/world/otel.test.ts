import { expect, it } from 'vitest'
import { runProgram } from '../run-program.js'

interface Kept {
  readonly traceId?: string
  readonly what: string
}

interface Span {
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly url?: string
}

interface Seen {
  readonly statuses: readonly number[]
  readonly active: Readonly<Record<string, unknown>>
  readonly kept: Readonly<Record<'reports' | 'audit_events' | 'integration_requests', Kept[]>>
  readonly traceparents: readonly string[]
  readonly spans: readonly Span[]
  readonly origin: string
}

/** As OpenTelemetry numbers them. */
const SERVER_SPAN = 1
const CLIENT_SPAN = 2

it.each(['--otel-first', '--scs-first'])(
  'with @fastify/otel and its instrumentation of undici, %s, all that is kept of a request has its trace id, and each call is one span and one record',
  async (order) => {
    const { statuses, active, kept, traceparents, spans, origin } = (await runProgram(
      'world/otel-service.mjs',
      order,
    )) as Seen
    expect(statuses).toEqual([500, 200, 503, 200])
    const [all, slow, returned, stuck] = spans
      .filter(({ kind }) => kind === SERVER_SPAN)
      .map(({ traceId }) => traceId)
    expect(new Set([all, slow, returned, stuck]).size).toBe(4)

    expect(active).toEqual({ hook: all, handler: all, afterCalls: all, isOwnRequest: true })
    expect(kept.audit_events).toMatchObject([{ traceId: all, what: 'Order was seen' }])
    expect(kept.reports).toMatchObject([
      { traceId: all, what: expect.stringContaining('The bank is strange') },
      { traceId: all, what: expect.stringContaining('the pool is exhausted') },
      { traceId: slow, what: expect.stringContaining('calltime exceeded') },
      { traceId: returned, what: expect.stringContaining('503') },
      { traceId: stuck, what: expect.stringContaining('has not ended') },
      { traceId: stuck, what: expect.stringContaining('ended at last') },
    ])

    // The client's own calls of this process, by node:http, are records without a trace.
    const calls = kept.integration_requests.filter(({ what }) => what.startsWith('/'))
    expect(calls.map(({ what, traceId }) => [what, traceId])).toEqual([
      ['/service', all],
      ['/fetch', all],
      ['/undici', all],
    ])
    const clientSpans = spans.filter(({ kind }) => kind === CLIENT_SPAN)
    expect(clientSpans.map(({ url, traceId }) => [url, traceId])).toEqual([
      [`${origin}/service`, all],
      [`${origin}/fetch`, all],
      [`${origin}/undici`, all],
    ])
    expect(traceparents.map((line) => line.split('-', 2).join('-'))).toEqual([
      `/service 00-${all}`,
      `/fetch 00-${all}`,
      `/undici 00-${all}`,
    ])
  },
  60_000,
)
