import { isOwnCall } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import { BodyUnpacking, isKept, keptBodies } from '../bodies/call-bodies.js'
import { Decompressor } from '../bodies/decompress.js'
import type { DescribeQueue } from '../bodies/describe-queue.js'
import type { CallEnd, CallHolder, CallRecorder, CallStart, OpenCall } from '../call.js'
import type { CallerFinder } from '../log/caller.js'
import { Draft, type LiveDrafts } from '../log/draft.js'
import type { KeyRegistry } from '../log/key-registry.js'
import type { RecordSink } from '../log/record-sink.js'
import type { ServiceRedactors } from '../log/redaction.js'
import type { Counts } from '../log/stats.js'
import { bringUpToDate, type CallDescriber, type CallDetails } from './call-describer.js'
import { type CallFact, hasCalls, noteCall } from './call-facts.js'
import { Challenges } from './challenges.js'
import { FailureTest } from './failure-test.js'
import { OpenList } from './open-list.js'
import { type CallListener, checkedStart, RecordedCall } from './recorded-call.js'

/** What a call log needs. */
export interface CallLogParts {
  readonly describer: CallDescriber
  readonly callers: CallerFinder
  readonly queue: DescribeQueue
  readonly sink: RecordSink
  readonly counts: Counts
  readonly drafts: LiveDrafts
  readonly keys: KeyRegistry
  readonly redactors: ServiceRedactors
}

/** Records the calls that the transports report: when a call ends, and once before if it is slow. */
export class CallLog implements CallRecorder, CallListener {
  readonly #parts: CallLogParts
  readonly #failureTest: FailureTest
  readonly #decompressor = new Decompressor()
  readonly #open = new OpenList<RecordedCall>()
  readonly #challenges = new Challenges()

  readonly #onWrong = (error: unknown): void => {
    const { counts, sink } = this.#parts
    counts.describeFailures++
    sink.logFailure(error, 'an outbound call is recorded without a field that is wrong')
  }

  constructor(parts: CallLogParts) {
    this.#parts = parts
    this.#failureTest = new FailureTest(parts.sink, parts.counts)
  }

  get openCalls(): number {
    return this.#open.size
  }

  begin(given: CallStart): OpenCall | undefined {
    const { callers, counts, sink } = this.#parts
    try {
      if (isOwnCall()) {
        counts.ownCallsSkipped++
        return undefined
      }
      const start = checkedStart(given, this.#onWrong)
      const request = callers.find(start.request)
      const call = new RecordedCall(start, request, callers.activeTraceId(request), this)
      if (this.#open.add(call)) counts.openCallsDropped++
      if (request !== undefined) noteCall(request, call)
      if (start.key !== undefined) this.#claimKey(call, start.key)
      if (!this.#challenges.isEmpty) this.#answerChallenge(start, request)
      return call
    } catch (error) {
      counts.describeFailures++
      sink.logFailure(error, 'an outbound call is not recorded')
      return undefined
    }
  }

  /** The record of a call whose response somebody holds, written or not. */
  draftOf(holder: CallHolder | undefined): Draft | undefined {
    const { drafts, describer, counts, sink } = this.#parts
    const { record, call } = holder ?? {}
    try {
      // All handles of a held response share one state.
      if (holder !== undefined && record instanceof Draft) {
        const shared = this.#shared(record)
        holder.record = shared
        return shared
      }
      if (!(call instanceof RecordedCall)) return undefined
      if (call.draft === undefined) {
        const made = describer.draftOf(call, {})
        call.draft = call.revision > 0 ? this.#shared(made) : drafts.share(drafts.open(made.fields))
      }
      return call.draft
    } catch (error) {
      counts.describeFailures++
      sink.logFailure(error, 'the record of a response cannot be given')
      return undefined
    }
  }

  /** The record of a call under way, for a reader that looks for it before it is written. */
  unwritten(isMeant: (draft: Draft) => boolean): Draft | undefined {
    const { drafts, describer } = this.#parts
    for (const call of this.#open) {
      // Without a key or a handle nobody can ask for it yet; once written it is in the store.
      if (call.revision > 0 || (call.key === null && call.draft === undefined)) continue
      const draft = call.draft ?? drafts.open(describer.draftOf(call, {}).fields)
      if (!isMeant(draft)) continue
      call.draft = draft
      return draft
    }
    return undefined
  }

  factOf(call: RecordedCall): CallFact {
    return this.#parts.describer.factOf(call)
  }

  ended(call: RecordedCall, end: CallEnd): void {
    this.#open.delete(call)
    this.#challenges.add(call)
    const { queue, counts, sink, describer } = this.#parts
    try {
      const service = describer.serviceOf(call)
      const bodies = keptBodies(service, call, end)
      let unpacking = new BodyUnpacking(service, call, bodies)
      if (!queue.hasRoom(unpacking.bytes)) {
        counts.bodiesDropped += [bodies.requestBody, bodies.responseBody].filter(Boolean).length
        call.isBodyDropped = true
        unpacking = new BodyUnpacking(service, call, {})
      }
      if (sink.keepsAll) this.#describeNow(call, unpacking, end.error)
      else if (queue.hasRoom(0)) this.#describeLater(call, unpacking, end.error)
      else counts.recordsDropped++
    } catch (error) {
      counts.recordsDropped++
      sink.logFailure(error, 'an outbound call is not recorded')
    }
  }

  /** Records the calls that have taken longer than this many milliseconds, once each; they are Queued until they end. */
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

  /** Compressed bodies are decompressed in the thread pool and follow in a second version. */
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

  /** Asks the service whether an answered call failed, then applies its option `bodies`. */
  #tested(call: RecordedCall, details: CallDetails): CallDetails {
    const service = this.#parts.describer.serviceOf(call)
    if (service?.isFailure === undefined || !call.isOver) return details
    const { error, isPartial, responseBody } = details
    const isAnswered = error === undefined && isPartial !== true
    if (isAnswered && this.#failureTest.hasFailed(service, call, responseBody))
      this.#challenges.drop(call)
    return isKept(service, call) ? details : { error, isPartial }
  }

  #claimKey(call: RecordedCall, key: string): void {
    const { keys, redactors, describer } = this.#parts
    const service = describer.nameOf(call)
    call.key = keys.tryClaim({ service, key }, call.id, redactors.of(service)) ?? null
  }

  /** This call answers an earlier one's 401 or 407 with credentials, so the earlier one has not failed. */
  #answerChallenge(start: CallStart, request: FastifyRequest | undefined): void {
    const challenge = this.#challenges.answeredBy(start, request)
    if (challenge === undefined) return
    const { call, draft: written } = challenge
    call.status = 'Completed'
    if (written === undefined) return
    const draft = this.#shared(written)
    if (draft.isByHand('status') || draft.isByHand('error')) return
    draft.setOwn({ status: 'Completed', output: draft.fields.error, error: null })
    this.#parts.sink.write(draft)
  }

  /** The shared state of a record that was written. */
  #shared(written: Draft): Draft {
    const { fields, revision, stamps } = written
    return this.#parts.drafts.resume({ fields, revision, stamps })
  }

  #write(call: RecordedCall, details: CallDetails): void {
    const { describer, sink, counts, drafts } = this.#parts
    try {
      const made = describer.draftOf(call, this.#tested(call, details))
      made.fields.modifiedAt = describer.now()
      const held = call.draft ?? (call.revision === 0 ? undefined : drafts.of(call.id))
      if (held === undefined) sink.write(made, made.fields)
      else {
        bringUpToDate(held, made.fields)
        sink.write(held)
      }
      const draft = held ?? made
      call.revision = draft.revision
      if (call.isOver && details.isPartial !== true) this.#written(call, draft)
    } catch (error) {
      counts.describeFailures++
      sink.logFailure(error, 'an outbound call is not recorded')
    }
  }

  /** The last version is written, unless the application changes the record later. */
  #written(call: RecordedCall, draft: Draft): void {
    if (!this.#challenges.isEmpty) this.#challenges.keep(call, draft)
    const { holder } = call
    call.holder = undefined
    call.draft = undefined
    if (holder?.call !== call) return
    holder.record = draft
    // A response may be held for long, and the call's headers with it.
    holder.call = undefined
  }
}
