import { isOwnCall } from '@fastify-scs/core'
import type { FastifyRequest } from 'fastify'
import { Decompressor } from '../bodies/decompress.js'
import type { CallEnd, CallRecorder, CallStart, OpenCall } from '../call.js'
import { BodyUnpacking, isKept, keptBodies } from './call-bodies.js'
import type { CallDescriber, CallDetails } from './call-describer.js'
import { type CallFact, hasCalls, noteCall } from './call-fact.js'
import type { CallerFinder } from './caller.js'
import type { DescribeQueue } from './describe-queue.js'
import { FailureTest } from './failure-test.js'
import type { Journal } from './journal.js'
import { OpenList } from './open-list.js'
import { type CallListener, RecordedCall } from './recorded-call.js'
import type { Counts } from './stats.js'

/** What a call log works with. */
export interface CallLogParts {
  readonly describer: CallDescriber
  readonly callers: CallerFinder
  readonly queue: DescribeQueue
  readonly journal: Journal
  readonly counts: Counts
}

/** Records the calls that transports tell of: one record when a call is over, and one before when it takes long. */
export class CallLog implements CallRecorder, CallListener {
  readonly #parts: CallLogParts
  readonly #failureTest: FailureTest
  readonly #decompressor = new Decompressor()
  readonly #open = new OpenList<RecordedCall>()

  constructor(parts: CallLogParts) {
    this.#parts = parts
    this.#failureTest = new FailureTest(parts.journal, parts.counts)
  }

  get openCalls(): number {
    return this.#open.size
  }

  begin(start: CallStart): OpenCall | undefined {
    const { callers, counts, journal } = this.#parts
    try {
      if (isOwnCall()) {
        counts.ownCallsSkipped++
        return undefined
      }
      const request = callers.find(start.request)
      const call = new RecordedCall(start, request, callers.activeTraceId(), this)
      if (this.#open.add(call)) counts.openCallsDropped++
      if (request !== undefined) noteCall(request, call)
      return call
    } catch (error) {
      counts.describeFailures++
      journal.complain(error, 'an outbound call is not recorded')
      return undefined
    }
  }

  factOf(call: RecordedCall): CallFact {
    return this.#parts.describer.factOf(call)
  }

  ended(call: RecordedCall, end: CallEnd): void {
    this.#open.delete(call)
    const { queue, counts, journal, describer } = this.#parts
    try {
      const service = describer.serviceOf(call)
      const bodies = keptBodies(service, call, end)
      let unpacking = new BodyUnpacking(service, call, bodies)
      if (!queue.hasRoom(unpacking.bytes)) {
        counts.bodiesDropped += [bodies.requestBody, bodies.responseBody].filter(Boolean).length
        unpacking = new BodyUnpacking(service, call, {})
      }
      if (journal.keepsAll) this.#describeNow(call, unpacking, end.error)
      else if (queue.hasRoom(0)) this.#describeLater(call, unpacking, end.error)
      else counts.recordsDropped++
    } catch (error) {
      counts.recordsDropped++
      journal.complain(error, 'an outbound call is not recorded')
    }
  }

  /** Records the calls that have been under way for so long, once, in milliseconds; they stand as Queued until they end. */
  recordLongerThan(ms: number): void {
    for (const call of this.#open) {
      // The others began later.
      if (call.durationMs < ms) return
      if (call.revision === 0) this.#write(call, {})
    }
  }

  /** Records the calls that are under way as the service stops. */
  abandon(): void {
    const error = new Error('the service stopped before the answer ended')
    for (const call of this.#open) this.#write(call, { error })
    this.#open.clear()
  }

  /** Records the calls of a request that are under way, those that are not recorded yet. */
  recordOpenOf(request: FastifyRequest): void {
    if (!hasCalls(request)) return
    for (const call of this.#open)
      if (call.request === request && call.revision === 0) this.#write(call, {})
  }

  /** What is compressed is undone elsewhere, and follows in a second version. */
  #describeNow(call: RecordedCall, unpacking: BodyUnpacking, error: unknown): void {
    if (!unpacking.isPacked)
      this.#write(call, { ...unpacking.start(this.#decompressor).plain, error })
    else {
      this.#write(call, { error, isPartial: true })
      if (this.#parts.queue.hasRoom(0)) this.#describeLater(call, unpacking, error)
      else this.#parts.counts.bodiesDropped++
    }
  }

  #describeLater(call: RecordedCall, unpacking: BodyUnpacking, error: unknown): void {
    const { ready, plain } = unpacking.start(this.#decompressor)
    const run = (): void => this.#write(call, { ...plain, error })
    this.#parts.queue.add({ bytes: unpacking.bytes, ready, run })
  }

  /** What is to be kept of an answered call, once its service was asked whether it failed. */
  #tested(call: RecordedCall, details: CallDetails): CallDetails {
    const service = this.#parts.describer.serviceOf(call)
    if (service?.isFailure === undefined || !call.isOver) return details
    if (details.error === undefined && details.isPartial !== true) {
      const answer = this.#failureTest.ask(service, call, details.responseBody)
      if (answer !== false) call.status = 'Failed'
      if (typeof answer === 'string') call.failure = answer
    }
    const { error, isPartial } = details
    return isKept(service, call) ? details : { error, isPartial }
  }

  #write(call: RecordedCall, details: CallDetails): void {
    const { describer, journal, counts } = this.#parts
    try {
      const draft = describer.draftOf(call, this.#tested(call, details))
      draft.fields.modifiedAt = new Date().toISOString()
      // Nobody changes this draft any more, so it is the record.
      journal.write(draft, draft.fields)
      call.revision = draft.revision
    } catch (error) {
      counts.describeFailures++
      journal.complain(error, 'an outbound call is not recorded')
    }
  }
}
