import type { CallHolder } from '../call.js'
import type { CallLog } from '../calls/call-log.js'
import { RetryError } from '../errors.js'
import type { RecordFinder } from '../find/record-finder.js'
import type { Draft, LiveDrafts } from '../log/draft.js'
import type { RetriedCall } from '../log/handle.js'
import type { LogWriter } from '../log/log-writer.js'
import type { RecordSink } from '../log/record-sink.js'
import type { IntegrationRecord, ResendFacts } from '../record.js'
import type { ServiceCaller } from '../service/service.js'
import type { ResolvedService, RetriedRequest, RetryOptions } from '../service-options.js'
import { bodyToSend, headersToSend, sha256Of } from './resend-facts.js'

/** Attempts that are followed from one to the next, at most. */
const MAX_ATTEMPTS = 100

/** What a retrier needs. */
export interface RetrierParts {
  readonly services: ReadonlyMap<string, ResolvedService>
  readonly calls: CallLog
  readonly writer: LogWriter
  readonly drafts: LiveDrafts
  readonly finder: RecordFinder
  readonly sink: RecordSink
}

/** A request that is sent again. */
interface Resent {
  readonly service: ResolvedService & { readonly retry: RetryOptions }
  readonly url: string
  readonly method: string
  readonly body: string | undefined
  readonly missing: readonly string[]
}

/** Sends failed calls again through their services. */
export class Retrier {
  readonly #parts: RetrierParts
  readonly #underWay = new Set<string>()

  constructor(parts: RetrierParts) {
    this.#parts = parts
  }

  /**
   * Sends the call of a record again.
   *
   * @throws SCS_INTEGRATION_ERR_RETRY, and what the service's fetch throws
   */
  async retry(draft: Draft, services: ServiceCaller): Promise<RetriedCall> {
    const { id } = draft.fields
    const resent = this.#resentOf(draft.record())
    if (this.#underWay.has(id)) throw new RetryError(id, 'it is being sent again')
    this.#underWay.add(id)
    try {
      const last = await this.lastAttempt(draft.record())
      const how = last.status === 'Queued' ? 'and has not ended' : 'with success'
      if (last.status !== 'Failed')
        throw new RetryError(id, `it was sent again ${how}, as ${last.id}`)
      return await this.#send(draft, resent, { services, lastId: last.id })
    } finally {
      this.#underWay.delete(id)
    }
  }

  /** The last attempt of a call; the call itself where it was not sent again. */
  async lastAttempt(record: IntegrationRecord): Promise<IntegrationRecord> {
    let last = record
    for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
      const { retriedBy } = last.resend ?? {}
      const next = retriedBy === undefined ? undefined : await this.#get(retriedBy)
      if (next === undefined) break
      last = next
    }
    return last
  }

  async #send(
    draft: Draft,
    resent: Resent,
    { services, lastId }: { readonly services: ServiceCaller; readonly lastId: string },
  ): Promise<RetriedCall> {
    const record = draft.record()
    const { service, url, method, body } = resent
    const headers = await this.#headersOf(record, resent)
    const holder: CallHolder = { call: undefined, record: undefined }
    const { reference, description } = record
    try {
      const response = await services.send(service, holder, url, {
        method,
        headers,
        // As bytes: fetch adds a content type to text, which the first attempt did not have.
        ...(body === undefined ? {} : { body: Buffer.from(body) }),
        retryOf: record.id,
        ...(reference === null ? {} : { reference }),
        ...(description === null ? {} : { description }),
      })
      // A call that was answered has a record.
      const made = this.#parts.calls.draftOf(holder) as Draft
      return { response, handle: this.#parts.writer.resume(made) }
    } finally {
      const attempt = this.#parts.calls.draftOf(holder)
      if (attempt !== undefined)
        for (const id of new Set([record.id, lastId])) await this.#note(id, attempt.fields.id)
    }
  }

  async #get(id: string): Promise<IntegrationRecord | undefined> {
    const { drafts, finder, sink } = this.#parts
    const live = drafts.of(id)
    if (live !== undefined) return live.record()
    return sink.store === undefined ? undefined : await finder.get(id)
  }

  /** Writes into a record which attempt repeats it; a failure is only logged, since the attempt was made already. */
  async #note(id: string, retriedBy: string): Promise<void> {
    const { drafts, finder, sink } = this.#parts
    try {
      const stored = sink.store === undefined ? undefined : await finder.draft(id)
      const draft = stored ?? drafts.of(id)
      if (draft?.fields.resend === undefined) return
      draft.setOwn({ resend: { ...draft.fields.resend, retriedBy } })
      sink.write(draft)
    } catch (error) {
      sink.logFailure(error, 'an integration record does not say that it was sent again')
    }
  }

  async #headersOf(record: IntegrationRecord, resent: Resent): Promise<Headers> {
    const { service, url, method, body, missing } = resent
    const headers = headersToSend(record)
    for (const name of missing) headers.delete(name.slice(HEADER.length))
    const named = await givenHeaders(service.retry, { method, url, headers, body, record })
    for (const [name, value] of named) headers.set(name, value)
    const left = missing.filter((name) => !named.has(name.slice(HEADER.length)))
    if (left.length > 0) throw new RetryError(record.id, lacks(left))
    return headers
  }

  /** @throws SCS_INTEGRATION_ERR_RETRY */
  #resentOf(record: IntegrationRecord): Resent {
    const { id, status, url, method, resend } = record
    const refuse = (why: string): never => {
      throw new RetryError(id, why)
    }
    if (!record.isRemoteRequest) return refuse('it came in')
    const service = this.#parts.services.get(record.service)
    if (service === undefined) return refuse(`the service ${record.service} is not declared`)
    const { retry } = service
    if (retry === undefined) return refuse(`the service ${service.name} has no option "retry"`)
    if (status !== 'Failed') return refuse(`it has not failed: its status is ${status}`)
    if (resend === undefined || url === null || method === null)
      return refuse('its request was not seen as it was sent, or before the service said "retry"')
    const body = bodyToSend(record)
    const missing = missingNow(resend, body)
    const headers = missing.filter((name) => name.startsWith(HEADER))
    const areGiven = retry.headers !== undefined
    if (missing.length > (areGiven ? headers.length : 0)) return refuse(lacks(missing))
    return { service: { ...service, retry }, url, method, body, missing }
  }
}

/** @throws SCS_INTEGRATION_ERR_RETRY with what the function has thrown as its cause */
async function givenHeaders(retry: RetryOptions, request: RetriedRequest): Promise<Headers> {
  try {
    return new Headers(await retry.headers?.(request))
  } catch (cause) {
    const reason = 'the service\'s "retry.headers" failed'
    throw Object.assign(new RetryError(request.record.id, reason), { cause })
  }
}

const HEADER = 'header '

/** What the record lacks by now: the application may have changed its data, or the store may have dropped it. */
function missingNow({ missing, bodySha256 }: ResendFacts, body: string | undefined): string[] {
  const known = body === undefined ? undefined : sha256Of(body)
  const isChanged = !missing.includes('body') && known !== bodySha256
  return isChanged ? [...missing, 'body, which was changed since'] : [...missing]
}

function lacks(missing: readonly string[]): string {
  return `the record lacks ${missing.join('; ')} as it was sent`
}
