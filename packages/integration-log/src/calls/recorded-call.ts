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

/** Takes calls that have ended, and describes calls for reports. */
export interface CallListener {
  ended(call: RecordedCall, end: CallEnd): void
  factOf(call: RecordedCall): CallFact
}

/** A call as its transport reports it; not redacted, and described only when a record is made. */
export class RecordedCall implements OpenCall, ReportedCall {
  readonly id: string = createRecordId()
  readonly createdAt: number = Date.now()
  readonly start: CallStart
  readonly request: FastifyRequest | undefined
  /** The trace id of the span that was active when it began. */
  readonly traceId: string | null
  requestHeaders: RawHeaders
  statusCode: number | null = null
  responseHeaders: RawHeaders | undefined
  status: IntegrationStatus = 'Queued'
  /** Why `isFailure` calls its answer a failure; not redacted. */
  failure: string | undefined
  /** The revision of the next version that is written. */
  revision = 0
  /** Its record, if somebody asked for it before the call ended. */
  draft: Draft | undefined
  holder: CallHolder | undefined
  /** Whether its bodies were dropped because too much was waiting. */
  isBodyDropped = false
  /** The application's own name for it, if that was free and valid. */
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
 * The start of a call without the application's wrong fields; a reference's id may be a number. The call itself is made,
 * whatever the fields are.
 *
 * @param onWrong Gets an error for each wrong field.
 */
export function checkedStart(start: CallStart, onWrong: (error: unknown) => void): CallStart {
  const { reference, description, requestId, retryOf } = start
  const isTold = reference !== undefined || description !== undefined
  // Most calls have none of these fields; then nothing is copied.
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
