import type { JsonValue } from '@fastify-scs/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Calls of one request that reports list one by one; the rest is summed up. */
const MAX_CALLS = 50

/** What reports show of an outbound call. */
export type CallFact = { [field: string]: JsonValue }

/** A call that reports can describe, also while it is under way. */
export interface ReportedCall {
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Milliseconds; so far, while it is under way. */
  readonly durationMs: number
  fact(): CallFact
}

/** The calls of a request, or null. */
const CALLS: unique symbol = Symbol('@fastify-scs/integration-log/calls')

interface RequestState {
  [CALLS]: RequestCalls | null
}

class RequestCalls {
  readonly first: ReportedCall[] = []
  more = 0
  moreSince = 0
  latest: ReportedCall | undefined

  add(call: ReportedCall): void {
    if (this.first.length < MAX_CALLS) {
      this.first.push(call)
      return
    }
    if (this.more === 0) this.moreSince = call.createdAt
    this.more++
    this.latest = call
  }

  facts(): CallFact[] {
    const facts = this.first.map((call) => call.fact())
    if (this.latest === undefined) return facts
    // One entry for all others, from the start of the first to the end of the last.
    const durationMs = this.latest.createdAt + this.latest.durationMs - this.moreSince
    const createdAt = new Date(this.moreSince).toISOString()
    return [...facts, { more: this.more, createdAt, durationMs }]
  }
}

/** Adds the outbound calls of a request to reports. @returns Ends it. */
export function provideRequestFacts(app: FastifyInstance): () => void {
  app.decorateRequest(CALLS, null)
  return app.scs.requestFacts.add('outbound_calls', (request) =>
    (request as unknown as RequestState)[CALLS]?.facts(),
  )
}

/** Whether calls of a request were noted. */
export function hasCalls(request: FastifyRequest): boolean {
  return (request as unknown as RequestState)[CALLS] !== null
}

/** Notes a call of a request. */
export function noteCall(request: FastifyRequest, call: ReportedCall): void {
  const state = request as unknown as RequestState
  state[CALLS] ??= new RequestCalls()
  state[CALLS].add(call)
}
