import { currentRequest, type Redactor } from '@fastify-scs/core'
import { type SpanFinder, traceIdOf } from '@fastify-scs/core/kit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { headerOf, type RawHeaders } from '../raw-headers.js'
import type { DraftFields } from '../record.js'

/** Finds the request and the trace that a call belongs to. */
export class CallerFinder {
  readonly #app: FastifyInstance
  readonly #isCorrelating: boolean
  readonly #findSpan: SpanFinder

  constructor(app: FastifyInstance, isCorrelating: boolean, findSpan: SpanFinder) {
    this.#app = app
    this.#isCorrelating = isCorrelating
    this.#findSpan = findSpan
  }

  /** The request given, else the one of the asynchronous context; one of another app does not count. */
  find(given: FastifyRequest | undefined): FastifyRequest | undefined {
    const request = given ?? (this.#isCorrelating ? currentRequest() : undefined)
    return request?.server.scs === this.#app.scs ? request : undefined
  }

  /** The trace id of the active span, which reports show too, or of the request given. Call it where the call is made. */
  activeTraceId(request: FastifyRequest | undefined): string | null {
    try {
      return this.#findSpan(request)?.traceId ?? null
    } catch {
      // A failing tracer must not lose the record.
      return null
    }
  }

  /** Fills in the user, route, request id and trace id; ids that are set already stay. */
  describe(request: FastifyRequest | undefined, fields: DraftFields, redactor: Redactor): void {
    if (request === undefined) return
    const { scs } = this.#app
    const user = scs.userOf(request)
    fields.requestId ??= redactor.text(String(request.id))
    fields.owner = user === null ? null : redactor.text(String(user))
    fields.route = request.routeOptions.url ?? null
    fields.traceId ??= traceIdOf(request.headers.traceparent)
  }
}

/** The trace id of a call's own headers. */
export function traceIdOfCall(headers: RawHeaders): string | null {
  return traceIdOf(headerOf(headers, 'traceparent'))
}
