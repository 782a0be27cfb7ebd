import { performance } from 'node:perf_hooks'
import { wireSizeOf } from '@fastify-scs/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { describeError } from '../log/describe-error.js'
import { NotRecorded } from '../log/not-recorded.js'
import { rawHeadersOf, recordHeaders } from '../log/raw-headers.js'
import { mergeData, type RecordHandle } from '../log/record-handle.js'
import { isSuccess } from '../success.js'

/** One request that came in on a webhook's route, from its arrival to its answer. */
export class Webhook {
  readonly handle: RecordHandle
  readonly #keepsAll: boolean
  readonly #startedAt: number = performance.now()
  #hasData = false
  #payload: unknown
  #thrown: unknown
  #isOver = false
  #isAbandoned = false

  /** @param keepsAll Whether it is to be recorded before its answer leaves, and not only when that is over. */
  constructor(handle: RecordHandle, keepsAll: boolean) {
    this.handle = handle
    this.#keepsAll = keepsAll
  }

  /** Milliseconds since the request arrived. */
  get durationMs(): number {
    return performance.now() - this.#startedAt
  }

  /** Keeps the parsed body as it is before the handler sees it. */
  received(request: FastifyRequest): void {
    if (this.#hasData || request.body === undefined) return
    this.#hasData = true
    // What the application has put there already is not lost.
    const { fields } = this.handle.draft
    const data = this.handle.describe(request.body, {
      contentType: request.headers['content-type'],
      wireSize: wireSizeOf(request),
    })
    fields.data = mergeData(data, fields.data)
  }

  /** Keeps the beginning of the answer that is sent. */
  sending(reply: FastifyReply, payload: unknown): void {
    const { maxBytes } = this.handle
    if (typeof payload === 'string') this.#payload = payload.slice(0, maxBytes + 1)
    else if (payload instanceof Uint8Array) this.#payload = payload
    else
      this.#payload =
        payload === undefined || payload === null ? undefined : new NotRecorded('a stream')
    // As it will have ended if nothing goes wrong; its end brings that up to date.
    if (this.#keepsAll) this.#record(reply, reply.statusCode, false)
  }

  threw(error: unknown): void {
    this.#thrown = error
  }

  /** Records it as it stands, since it takes long, or the service stops. */
  recordNow(error?: Error): void {
    const { handle } = this
    if (error !== undefined) {
      this.#isAbandoned = true
      handle.draft.fields.error ??= describeError(error, handle.redactor)
    }
    handle.write()
  }

  /** Whether it was recorded before its end. */
  get isRecorded(): boolean {
    return this.handle.draft.revision > 0
  }

  /**
   * Records how it ended; what the application has set itself stays.
   *
   * @param isWhole Whether all of the answer was sent.
   */
  ended(reply: FastifyReply, isWhole: boolean): void {
    if (this.#isOver) return
    this.#isOver = true
    // The service has closed the connection itself: the record says so already.
    if (this.#isAbandoned && !isWhole) return
    // Of an answer that nobody got there is no status; that of an upgrade passes by the response.
    const { upgrade } = reply.request.raw as { readonly upgrade?: boolean | null }
    const isUpgraded = upgrade === true && reply.sent
    const statusCode = isUpgraded ? 101 : reply.raw.headersSent ? reply.statusCode : null
    this.#record(reply, statusCode, !isWhole && !isUpgraded)
  }

  #record(reply: FastifyReply, statusCode: number | null, isAborted: boolean): void {
    const { handle } = this
    const { fields } = handle.draft
    const isCompleted = !isAborted && isSuccess(statusCode)
    fields.durationMs = Math.round(this.durationMs * 1_000) / 1_000
    const headers = recordHeaders(rawHeadersOf(reply.getHeaders()), handle.redactor)
    fields.responseHeaders = headers.value
    fields.truncated ||= headers.isTruncated
    fields.statusCode = statusCode
    if (!handle.hasStatus) fields.status = isCompleted ? 'Completed' : 'Failed'
    if (!handle.hasResult) this.#describeResult(reply, isCompleted, isAborted)
    handle.write()
  }

  #describeResult(reply: FastifyReply, isCompleted: boolean, isAborted: boolean): void {
    const { handle } = this
    const { fields } = handle.draft
    const type = reply.getHeader('content-type')
    const payload = reply.hasHeader('content-encoding')
      ? new NotRecorded('compressed')
      : this.#payload
    const answer = handle.describe(payload, {
      contentType: type === undefined ? undefined : String(type),
    })
    fields.output = isCompleted ? answer : null
    fields.error = null
    if (isCompleted) return
    const abort = isAborted ? new Error('the client left before the answer was sent') : undefined
    const error = this.#thrown ?? abort
    if (error === undefined) fields.error = answer
    else fields.error = { ...describeError(error, handle.redactor), answer }
  }
}
