import { nearestHint, type RecordKey, type SpanFinder } from '@fastify-scs/core/kit'
import type { FastifyInstance, FastifyRequest, onSendHookHandler } from 'fastify'
import { DescribeQueue } from './bodies/describe-queue.js'
import { CallDescriber } from './calls/call-describer.js'
import { CallLog } from './calls/call-log.js'
import { RetryError, ServiceUnknownError } from './errors.js'
import { PendingRecords } from './find/pending-records.js'
import {
  type IntegrationFilter,
  RecordFinder,
  type RecordFinderParts,
} from './find/record-finder.js'
import { WebhookWatch } from './inbound/webhook-watch.js'
import type { Integrations, RequestIntegrations } from './integrations.js'
import { CallerFinder } from './log/caller.js'
import { type Draft, LiveDrafts } from './log/draft.js'
import { readFields } from './log/frappe-fields.js'
import type { RecordHandle, RetriedCall } from './log/handle.js'
import { KeyRegistry } from './log/key-registry.js'
import type { LogFields } from './log/log-fields.js'
import { LogWriter } from './log/log-writer.js'
import { RecordSink } from './log/record-sink.js'
import { ServiceRedactors } from './log/redaction.js'
import { createCounts, LossLog } from './log/stats.js'
import type { ResolvedOptions } from './options.js'
import type { IntegrationRecord } from './record.js'
import { ResponseLog } from './responses/response-log.js'
import { Retrier } from './retry/retrier.js'
import { type RetryAllOptions, RetryRun } from './retry/retry-run.js'
import type { IntegrationService, ServiceCaller } from './service/service.js'

/** How long an ended call waits for others to be described with it, in milliseconds. */
const GATHER_MS = 10
/** How often slow calls are looked for within `queuedAfterMs`. */
const LOOKS = 4

/** One app's integration log: makes its parts and connects them. */
export class IntegrationLog {
  readonly calls: CallLog
  readonly webhooks: WebhookWatch
  readonly sink: RecordSink
  readonly #counts = createCounts()
  readonly #queue = new DescribeQueue()
  readonly #finder: RecordFinder
  readonly #writer: LogWriter
  readonly #responses: ResponseLog
  readonly #options: ResolvedOptions
  readonly #retrier: Retrier
  #services: ServiceCaller | undefined

  /** @param findSpan The one finder of all plugins. */
  constructor(app: FastifyInstance, options: ResolvedOptions, findSpan: SpanFinder) {
    const { redactor } = app.scs
    const callers = new CallerFinder(app, options.correlate, findSpan)
    const redactors = new ServiceRedactors(redactor, options.services.values())
    this.#options = options
    this.sink = new RecordSink(app, this.#counts)
    const { sink } = this
    const drafts = new LiveDrafts()
    const keys = new KeyRegistry(options.keepKeys, sink, this.#counts)
    this.calls = new CallLog({
      describer: new CallDescriber(redactors, callers, options.services),
      callers,
      queue: this.#queue,
      sink,
      counts: this.#counts,
      drafts,
      keys,
      redactors,
    })
    this.#writer = new LogWriter({
      sink,
      redactors,
      callers,
      drafts,
      keys,
      options,
      retry: (draft) => this.#retry(draft),
    })
    this.#responses = new ResponseLog(this.#writer, sink, this.#counts)
    const pending = new PendingRecords(this.#queue, this.#responses)
    this.webhooks = new WebhookWatch(this.#writer, sink, this.#counts)
    const unwritten: RecordFinderParts['unwritten'] = (isMeant) =>
      this.#responses.unwritten(isMeant) ??
      this.webhooks.unwritten(isMeant) ??
      this.calls.unwritten(isMeant)
    this.#finder = new RecordFinder({ sink, redactors, drafts, keys, pending, unwritten })
    this.#retrier = new Retrier({
      services: options.services,
      calls: this.calls,
      writer: this.#writer,
      drafts,
      finder: this.#finder,
      sink,
    })
  }

  /**
   * Lets ended calls be gathered before they are described, if the store announces the end of the process, so that none is
   * lost.
   *
   * @returns Ends it.
   */
  gather(): () => void {
    const forget = this.sink.store?.beforeLastFlush?.(() => this.#queue.drainNow())
    if (forget === undefined) return () => {}
    this.#queue.gather(GATHER_MS)
    return forget
  }

  /** Records the calls of a request that are still under way before its answer leaves; only where the store keeps everything. */
  readonly keepCallsOfAnswer: onSendHookHandler = (request, _reply, payload, done) => {
    this.calls.recordOpenOf(request)
    done(null, payload)
  }

  /** Records slow calls and webhooks while they are under way. @returns Ends it. */
  watchLong(): () => void {
    const { queuedAfterMs } = this.#options
    const losses = new LossLog(this.#counts, (lost) => this.sink.logLosses(lost))
    const look = (): void => {
      this.calls.recordLongerThan(queuedAfterMs)
      this.webhooks.recordLongerThan(queuedAfterMs)
      losses.look()
    }
    const timer = setInterval(look, Math.ceil(queuedAfterMs / LOOKS)).unref()
    return () => {
      clearInterval(timer)
      losses.end()
    }
  }

  /** `request.integrations`; without a request, the part of it that `app.integrations` has too. */
  ofRequest(services: ServiceCaller, request?: FastifyRequest): RequestIntegrations {
    return {
      service: (name) => this.#service(services, name, request),
      of: (response) => {
        const draft = this.calls.draftOf(services.holderOf(response))
        return draft && this.#writer.resume(draft)
      },
      log: (fields) => {
        const handle = this.#writer.open(readFields(fields) as LogFields, request)
        handle.write()
        return handle
      },
      logResponse: (response, fields = {}) => this.#responses.log(response, fields, request),
    }
  }

  /** `app.integrations`. */
  ofApp(services: ServiceCaller): Integrations {
    this.#services = services
    return {
      ...this.ofRequest(services),
      retryAll: async (filter = {}, how = {}) => await this.#retryRun(how).over(filter),
      find: (filter) => this.#finder.find(filter),
      get: (which) => this.#finder.get(which),
      resume: (which) => this.#resume(which),
      prune: (limits) => this.#finder.prune(limits),
      stats: () => ({ ...this.#counts, openCalls: this.calls.openCalls }),
      settled: () => this.settled(),
    }
  }

  /** Counts and logs that a transport failed to report a call; the call itself goes on. */
  transportFailed(error: unknown): void {
    this.#counts.describeFailures++
    this.sink.logFailure(error, 'an outbound call is not recorded, or not in full')
  }

  /** Resolves once everything that has ended so far is handed over. */
  async settled(): Promise<void> {
    await Promise.all([this.#queue.drained(), this.#responses.settled()])
  }

  /** Records what is there, ended or not. */
  async close(): Promise<void> {
    this.calls.abandon()
    this.webhooks.abandon()
    await this.settled()
  }

  async #retry(draft: Draft): Promise<RetriedCall> {
    if (this.#services === undefined) throw new RetryError(draft.fields.id, 'there are no services')
    return await this.#retrier.retry(draft, this.#services)
  }

  async #resume(which: string | RecordKey): Promise<RecordHandle | undefined> {
    const draft = await this.#finder.draft(which)
    return draft && this.#writer.resume(draft)
  }

  #retryRun(options: RetryAllOptions): RetryRun {
    const parts = {
      find: (filter: IntegrationFilter) => this.#finder.find(filter, 'retryAll'),
      resume: (id: string) => this.#resume(id),
      lastAttempt: (record: IntegrationRecord) => this.#retrier.lastAttempt(record),
      settled: () => this.settled(),
      logFailure: (error: unknown, message: string) => this.sink.logFailure(error, message),
    }
    return new RetryRun(parts, options)
  }

  #service(services: ServiceCaller, name: string, request?: FastifyRequest): IntegrationService {
    const service = this.#options.services.get(name)
    if (service !== undefined) return services.of(service, request)
    const declared = [...this.#options.services.keys()]
    const hint = nearestHint(String(name), declared)
    throw new ServiceUnknownError(name, declared.length === 0 ? 'none' : declared.join(', '), hint)
  }
}
