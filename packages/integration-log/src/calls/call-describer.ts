import type { JsonValue, Redactor } from '@fastify-scs/core'
import {
  type DescribedBody,
  describeBody,
  keepBody,
  type PlainBody,
  WorkBudget,
} from '@fastify-scs/core/kit'
import { describeError } from '../bodies/describe-given.js'
import { type CallerFinder, traceIdOfCall } from '../log/caller.js'
import { Draft } from '../log/draft.js'
import { mergeData } from '../log/handle.js'
import { recordUrl, type ServiceRedactors } from '../log/redaction.js'
import { CALL_END_FIELDS } from '../log/stamps.js'
import { headerOf } from '../raw-headers.js'
import { type DraftFields, emptyFields } from '../record.js'
import { resendFactsOf } from '../retry/resend-facts.js'
import type { ResolvedService } from '../service-options.js'
import type { CallFact } from './call-facts.js'
import type { RecordedCall } from './recorded-call.js'

/** What is known of a call beside its head when it is described. */
export interface CallDetails {
  readonly requestBody?: PlainBody | undefined
  readonly responseBody?: PlainBody | undefined
  readonly error?: unknown
  /** Whether its bodies follow, in a version of their own. @default false */
  readonly isPartial?: boolean | undefined
}

/** Of the other side's id of a call. */
const MAX_ID_CHARS = 200
const NO_BODY: DescribedBody = { value: null, isTruncated: false }

/** Those that are not merged with what the application has put there. */
const REPLACED = CALL_END_FIELDS.filter((field) => field !== 'data' && field !== 'truncated')

/** Brings a record that somebody holds up to what was seen of its call by now; what the application has set stays. */
export function bringUpToDate(draft: Draft, seen: DraftFields): void {
  const changes: Partial<DraftFields> = {}
  for (const field of REPLACED)
    if (draft.fields[field] !== seen[field]) Object.assign(changes, { [field]: seen[field] })
  // What the application has put there already is not lost.
  if (seen.data !== null) changes.data = mergeData(seen.data, draft.fields.data)
  draft.setOwn(changes)
  if (seen.truncated) draft.cut()
}

/** Turns what transports tell into records. */
export class CallDescriber {
  readonly #redactors: ServiceRedactors
  readonly #callers: CallerFinder
  readonly #services: ReadonlyMap<string, ResolvedService>
  readonly #createdAt = new IsoTime()
  readonly #modifiedAt = new IsoTime()

  constructor(
    redactors: ServiceRedactors,
    callers: CallerFinder,
    services: ReadonlyMap<string, ResolvedService>,
  ) {
    this.#redactors = redactors
    this.#callers = callers
    this.#services = services
  }

  /** The declared service of a call. */
  serviceOf({ start }: RecordedCall): ResolvedService | undefined {
    return start.service === undefined ? undefined : this.#services.get(start.service)
  }

  /** Its declared service, or the host of one that is merely observed. */
  nameOf({ start }: RecordedCall): string {
    return start.service ?? hostOf(start.url)
  }

  /** The time as `modifiedAt` says it. */
  now(): string {
    return this.#modifiedAt.textOf(Date.now())
  }

  /** What reports show of a call. */
  factOf(call: RecordedCall): CallFact {
    const { id, start, status, statusCode, durationMs, createdAt } = call
    return {
      id,
      service: this.nameOf(call),
      method: start.method,
      url: recordUrl(start.url, this.#redactors.of(start.service)),
      status,
      statusCode,
      durationMs,
      createdAt: new Date(createdAt).toISOString(),
    }
  }

  /** The record of a call as it stands. */
  draftOf(call: RecordedCall, details: CallDetails): Draft {
    // One for all of the call: its head first, then the bodies.
    const budget = new WorkBudget()
    const draft = this.#headOf(call, budget)
    const { fields } = draft
    const redactor = this.#redactors.of(call.start.service)
    const sent = bodyOf(details.requestBody, call.requestHeaders, redactor, budget)
    const received = bodyOf(details.responseBody, call.responseHeaders ?? [], redactor, budget)
    keepBody(fields, 'data', sent)
    const isPartial = sent.isTruncated || received.isTruncated || details.isPartial === true
    fields.truncated ||= isPartial
    if (details.error !== undefined)
      fields.error = withBody(describeError(details.error, redactor), received.value)
    else if (call.failure !== undefined)
      fields.error = withBody({ message: redactor.text(call.failure, budget) }, received.value)
    else if (call.status === 'Completed') keepBody(fields, 'output', received)
    else if (call.status === 'Failed') keepBody(fields, 'error', received)
    const service = this.serviceOf(call)
    const isRetried = call.status === 'Failed' && service?.retry !== undefined
    if (isRetried && call.isOver && details.isPartial !== true)
      fields.resend = resendFactsOf(call, service, fields, details.requestBody)
    return draft
  }

  /** The id by which the other side knows the call. */
  #remoteIdOf(call: RecordedCall, redactor: Redactor): string | null {
    const header = this.serviceOf(call)?.requestIdHeader
    if (header === undefined || call.responseHeaders === undefined) return null
    return textOf(headerOf(call.responseHeaders, header), redactor)?.slice(0, MAX_ID_CHARS) ?? null
  }

  #headOf(call: RecordedCall, budget: WorkBudget): Draft {
    const { start, status, statusCode, responseHeaders } = call
    const redactor = this.#redactors.of(start.service)
    const fields = emptyFields(call.id, this.#createdAt.textOf(call.createdAt), this.nameOf(call))
    fields.description = textOf(start.description, redactor)
    fields.requestId = textOf(start.requestId, redactor)
    fields.key = call.key
    fields.remoteId = this.#remoteIdOf(call, redactor)
    fields.status = status
    fields.method = start.method
    fields.url = recordUrl(start.url, redactor, budget)
    const headers = this.#redactors.headersOf(start.service)
    const sent = headers.sent.record(call.requestHeaders, budget)
    const received =
      responseHeaders === undefined ? undefined : headers.received.record(responseHeaders, budget)
    fields.requestHeaders = sent.value
    fields.responseHeaders = received?.value ?? null
    fields.truncated = sent.isTruncated || received?.isTruncated === true
    fields.statusCode = statusCode
    fields.durationMs = call.isOver ? Math.round(call.durationMs * 1_000) / 1_000 : null
    fields.reference =
      start.reference === undefined
        ? null
        : { type: redactor.text(start.reference.type), id: redactor.text(start.reference.id) }
    fields.retryOf = textOf(start.retryOf, redactor)
    fields.traceId = traceIdOfCall(call.requestHeaders) ?? call.traceId
    this.#callers.describe(call.request, fields, redactor)
    return new Draft(fields, call.revision, start.service === undefined)
  }
}

/** Writes times out; calls that are described one after the other often have the same one. */
class IsoTime {
  #ms: number | undefined
  #text = ''

  /** @param ms Milliseconds since 1970. */
  textOf(ms: number): string {
    if (ms !== this.#ms) {
      this.#ms = ms
      this.#text = new Date(ms).toISOString()
    }
    return this.#text
  }
}

function bodyOf(
  body: PlainBody | undefined,
  headers: Parameters<typeof headerOf>[0],
  redactor: Redactor,
  budget: WorkBudget,
): DescribedBody {
  if (body === undefined) return NO_BODY
  return describeBody(body, headerOf(headers, 'content-type'), redactor, budget)
}

// Of a call that failed what came is no output: it stands beside the error.
function withBody(error: { [field: string]: JsonValue }, body: JsonValue): JsonValue {
  return body === null ? error : { ...error, body }
}

function textOf(text: string | undefined, redactor: Redactor): string | null {
  return text === undefined ? null : redactor.text(text)
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'unknown'
}
