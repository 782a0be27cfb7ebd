import { onAnswerEnd } from '@fastify-scs/core/kit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { OpenList } from '../calls/open-list.js'
import { NotAWebhookError } from '../errors.js'
import type { Draft } from '../log/draft.js'
import type { IntegrationHandle } from '../log/handle.js'
import type { LogFields } from '../log/log-fields.js'
import type { LogWriter } from '../log/log-writer.js'
import type { RecordSink } from '../log/record-sink.js'
import type { Counts } from '../log/stats.js'
import { hookWebhook, type WebhookFinder } from './route-hooks.js'
import { Webhook } from './webhook.js'
import { readWebhookOptions, type WebhookOptions } from './webhook-options.js'

/** The webhook of a request, or null. */
const WEBHOOK: unique symbol = Symbol('@fastify-scs/integration-log/webhook')

interface RequestState {
  [WEBHOOK]: Webhook | null
}

/** Records the requests of the routes that say `integration`; the other routes have no hook of it. */
export class WebhookWatch {
  readonly #writer: LogWriter
  readonly #sink: RecordSink
  readonly #counts: Counts
  readonly #open = new OpenList<Webhook>()

  constructor(writer: LogWriter, sink: RecordSink, counts: Counts) {
    this.#writer = writer
    this.#sink = sink
    this.#counts = counts
  }

  /** Adds `request.integration`, and the hooks to every webhook route that is added from now on. */
  begin(app: FastifyInstance): void {
    const watch = this
    app.decorateRequest(WEBHOOK, null)
    app.decorateRequest('integration', {
      getter(this: FastifyRequest): IntegrationHandle {
        return watch.#handleOf(this)
      },
    })
    app.addHook('onRoute', (route) => {
      const options = readWebhookOptions(route)
      if (options === undefined) return
      const find: WebhookFinder = (request, reply) => this.#arrive(request, reply, options)
      hookWebhook(route, find, {
        guard: (run) => this.#guard(run),
        onWrong: (error) => this.#logWrong(error),
      })
    })
  }

  /** Records the webhooks that have been under way for so long, once, in milliseconds. */
  recordLongerThan(ms: number): void {
    for (const webhook of this.#open) {
      // The others came later.
      if (webhook.durationMs < ms) return
      if (!webhook.isRecorded) webhook.recordNow()
    }
  }

  /** Records the webhooks that are under way as the service stops. */
  abandon(): void {
    const error = new Error('the service stopped before the answer ended')
    for (const webhook of this.#open) webhook.recordNow(error)
    this.#open.clear()
  }

  /** The record of a webhook under way. */
  unwritten(isMeant: (draft: Draft) => boolean): Draft | undefined {
    for (const { handle } of this.#open) if (isMeant(handle.draft)) return handle.draft
    return undefined
  }

  #handleOf(request: FastifyRequest): IntegrationHandle {
    const { method, url = request.url } = request.routeOptions
    const webhook = stateOf(request)[WEBHOOK]
    if (webhook === null) throw new NotAWebhookError(`${String(method)} ${url}`)
    return webhook.handle
  }

  /** The webhook of a request; it begins with the first hook that runs, since one before it may have answered. */
  #arrive(
    request: FastifyRequest,
    reply: FastifyReply,
    options: WebhookOptions,
  ): Webhook | undefined {
    const state = stateOf(request)
    if (state[WEBHOOK] !== null) return state[WEBHOOK]
    let webhook: Webhook | undefined
    this.#guard(() => {
      const opened = new Webhook(
        this.#writer.open(fieldsOf(request, options), request),
        options,
        this.#sink.keepsAll,
      )
      state[WEBHOOK] = opened
      webhook = opened
      if (this.#open.add(opened)) this.#counts.openCallsDropped++
      onAnswerEnd(reply.raw, (isWhole) => {
        this.#open.delete(opened)
        this.#guard(() => opened.ended(reply, isWhole))
      })
    })
    return webhook
  }

  #logWrong(error: unknown): void {
    this.#counts.describeFailures++
    this.#sink.logFailure(error, 'a webhook is not tied to what it belongs to')
  }

  #guard(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#counts.describeFailures++
      this.#sink.logFailure(error, 'a webhook is not recorded, or not in full')
    }
  }
}

function fieldsOf(request: FastifyRequest, { service }: WebhookOptions): LogFields {
  return {
    service,
    isRemoteRequest: false,
    method: request.method,
    url: `${request.protocol}://${request.host}${request.originalUrl}`,
    requestHeaders: request.headers,
  }
}

function stateOf(request: FastifyRequest): RequestState {
  return request as unknown as RequestState
}
