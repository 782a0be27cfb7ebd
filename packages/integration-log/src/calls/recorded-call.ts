import { performance } from 'node:perf_hooks'
import { createRecordId, show } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import type { CallEnd, CallHolder, CallStart, OpenCall } from '../call.js'
import { FieldError } from '../errors.js'
import type { Draft } from '../log/draft.js'
import { referenceIn } from '../log/log-fields.js'
import type { RawHeaders } from '../raw-headers.js'
import { type IntegrationStatus, isSuccess, type Reference } from '../record.js'
import type { CallFact, ReportedCall } from './call-facts.js'

/** Who is told that a call is over, and who describes it. */
export interface CallListener {
  ended(call: RecordedCall, end: CallEnd): void
  factOf(call: RecordedCall): CallFact
}

/** A call as its transport tells of it; nothing in it is redacted, and nothing is described before it is asked for. */
export class RecordedCall implements OpenCall, ReportedCall {
  readonly id: string = createRecordId()
  readonly createdAt: number = Date.now()
  readonly start: CallStart
  readonly request: FastifyRequest | undefined
  /** Of the span that was active when it began. */
  readonly traceId: string | null
  requestHeaders: RawHeaders
  statusCode: number | null = null
  responseHeaders: RawHeaders | undefined
  status: IntegrationStatus = 'Queued'
  /** Why its answer is a failure for the application; not redacted. */
  failure: string | undefined
  /** Of the next version that is written. */
  revision = 0
  /** Its record, once somebody has asked for it before it was over. */
  draft: Draft | undefined
  holder: CallHolder | undefined
  /** Whether its bodies were left out, since there was no room for them. */
  isBodyDropped = false
  /** The application's own name for it, if it could have that. */
  key: string | null = null
  readonly #startedAt: number = performance.now()
  readonly #listener: CallListener
  #durationMs: number | undefined

  constructor(
    start: CallStart,
    request: FastifyRequest | undefined,
    traceId: string | null,
    listener: CallListener,
  ) {
    this.start = start
    this.request = request
    this.traceId = traceId
    this.requestHeaders = start.requestHeaders
    this.#listener = listener
  }

  get isOver(): boolean {
    return this.#durationMs !== undefined
  }

  /** Milliseconds; so far, while the call is under way. */
  get durationMs(): number {
    return this.#durationMs ?? performance.now() - this.#startedAt
  }

  sent(requestHeaders: RawHeaders): void {
    if (!this.isOver) this.requestHeaders = requestHeaders
  }

  responded(statusCode: number, responseHeaders: RawHeaders): void {
    if (this.isOver) return
    this.statusCode = statusCode
    this.responseHeaders = responseHeaders
  }

  end(end: CallEnd): void {
    if (this.isOver) return
    this.#durationMs = this.durationMs
    this.status = end.error === undefined && isSuccess(this.statusCode) ? 'Completed' : 'Failed'
    this.#listener.ended(this, end)
  }

  fact(): CallFact {
    return this.#listener.factOf(this)
  }
}

const TEXTS = ['description', 'requestId', 'retryOf'] as const

/** A start in the making. */
type MutableStart = { -readonly [Name in keyof CallStart]: CallStart[Name] }

/**
 * The start of a call without those fields of the application that are wrong; a reference's id may be a number. The call itself goes on,
 * whatever they are.
 *
 * @param onWrong Is told of each.
 */
export function checkedStart(start: CallStart, onWrong: (error: unknown) => void): CallStart {
  const { reference, description, requestId, retryOf } = start
  const isTold = reference !== undefined || description !== undefined
  // As with most calls: nothing is made then.
  if (!isTold && requestId === undefined && retryOf === undefined) return start
  const checked: MutableStart = { ...start }
  for (const name of TEXTS) {
    const value: unknown = start[name]
    if (value === undefined || typeof value === 'string') continue
    delete checked[name]
    if (value !== null) onWrong(new FieldError(name, 'a string', show(value)))
  }
  if (reference !== undefined) {
    const found = readReference(reference, onWrong)
    if (found === undefined) delete checked.reference
    else checked.reference = found
  }
  return checked
}

function readReference(given: unknown, onWrong: (error: unknown) => void): Reference | undefined {
  try {
    const found = referenceIn(given)
    if (found === undefined && given !== null)
      onWrong(new FieldError('reference', '{ type, id }', show(given)))
    return found
  } catch (error) {
    // A getter that throws.
    onWrong(error)
    return undefined
  }
}
