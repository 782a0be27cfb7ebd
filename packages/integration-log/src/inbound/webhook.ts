import { performance } from 'node:perf_hooks'
import { wireSizeOf } from '@fastify-scs/core/kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { describeError, NotRecorded } from '../bodies/describe-given.js'
import { mergeData, type RecordHandle } from '../log/handle.js'
import { recordHeaders } from '../log/redaction.js'
import { rawHeadersOf } from '../raw-headers.js'
import { type DraftFields, isSuccess } from '../record.js'
import { applyWebhookOptions, asksOfRequests, type WebhookOptions } from './webhook-options.js'

/** One request to a webhook's route, from its arrival to its answer. */
export class Webhook {
  readonly handle: RecordHandle
  readonly #options: WebhookOptions
  readonly #keepsAll: boolean
  readonly #startedAt: number = performance.now()
  #isParsed = false
  #payload: unknown
  #thrown: unknown
  #isOver = false
  #isAbandoned = false

  /** @param keepsAll Whether it is recorded before its answer leaves, not only afterwards. */
  constructor(handle: RecordHandle, options: WebhookOptions, keepsAll: boolean) {
    this.handle = handle
    this.#options = options
    this.#keepsAll = keepsAll
  }

  /** Milliseconds since the request arrived. */
  get durationMs(): number {
    return performance.now() - this.#startedAt
  }

  /**
   * Records the parsed body before the handler can change it, and sets what the route's option says.
   *
   * @param onWrong Gets what a function of the option threw, or that it returned something wrong.
   */
  received(request: FastifyRequest, onWrong: (error: unknown) => void): void {
    if (this.#isParsed) return
    this.#isParsed = true
    if (request.body !== undefined) this.#keepBody(request)
    if (asksOfRequests(this.#options))
      applyWebhookOptions(this.handle, this.#options, request, onWrong)
    // A later change starts from the version in the store.
    if (this.isRecorded) this.handle.write()
  }

  #keepBody(request: FastifyRequest): void {
    // What the application has put there already is not lost.
    const { draft } = this.handle
    const data = this.handle.describe(request.body, {
      contentType: request.headers['content-type'],
      wireSize: wireSizeOf(request),
    })
    draft.setOwn({ data: mergeData(data, draft.fields.data) })
  }

  /** Keeps the beginning of the answer that is sent. */
  sending(reply: FastifyReply, payload: unknown): void {
    const { maxBytes } = this.handle
    if (typeof payload === 'string') this.#payload = payload.slice(0, maxBytes + 1)
    else if (payload instanceof Uint8Array) this.#payload = payload
    else
      this.#payload =
        payload === undefined || payload === null ? undefined : new NotRecorded('a stream')
    // As it ends if nothing goes wrong; the end corrects it.
    if (this.#keepsAll) this.#record(reply, reply.statusCode, false)
  }

  threw(error: unknown): void {
    this.#thrown = error
  }

  /** Records the webhook before its end: it is slow, or the service stops. */
  recordNow(error?: Error): void {
    const { handle } = this
    if (error !== undefined) {
      this.#isAbandoned = true
      if (handle.draft.fields.error === null)
        handle.draft.setOwn({ error: describeError(error, handle.redactor) })
    }
    handle.write()
  }

  /** Whether it was recorded already. */
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
    // The service has closed the connection itself, which the record says already.
    if (this.#isAbandoned && !isWhole) return
    // An answer that was never sent has no status, and an upgrade is not answered through the response.
    const { upgrade } = reply.request.raw as { readonly upgrade?: boolean | null }
    const isUpgraded = upgrade === true && reply.sent
    const statusCode = isUpgraded ? 101 : reply.raw.headersSent ? reply.statusCode : null
    this.#record(reply, statusCode, !isWhole && !isUpgraded)
  }

  #record(reply: FastifyReply, statusCode: number | null, isAborted: boolean): void {
    const { handle } = this
    const { draft } = handle
    const isCompleted = !isAborted && isSuccess(statusCode)
    const headers = recordHeaders(rawHeadersOf(reply.getHeaders()), handle.redactor)
    if (headers.isTruncated) draft.cut()
    draft.setOwn({
      durationMs: Math.round(this.durationMs * 1_000) / 1_000,
      responseHeaders: headers.value,
      statusCode,
      status: isCompleted ? 'Completed' : 'Failed',
      ...(handle.hasResult ? {} : this.#resultOf(reply, isCompleted, isAborted)),
    })
    handle.write()
  }

  #resultOf(
    reply: FastifyReply,
    isCompleted: boolean,
    isAborted: boolean,
  ): Pick<DraftFields, 'output' | 'error'> {
    const { handle } = this
    const type = reply.getHeader('content-type')
    const payload = reply.hasHeader('content-encoding')
      ? new NotRecorded('compressed')
      : this.#payload
    const answer = handle.describe(payload, {
      contentType: type === undefined ? undefined : String(type),
    })
    if (isCompleted) return { output: answer, error: null }
    const abort = isAborted ? new Error('the client left before the answer was sent') : undefined
    const error = this.#thrown ?? abort
    if (error === undefined) return { output: null, error: answer }
    return { output: null, error: { ...describeError(error, handle.redactor), answer } }
  }
}
