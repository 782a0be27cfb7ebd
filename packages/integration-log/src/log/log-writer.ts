import { createRecordId, type Redactor } from '@fastify-scs/core'
import type { FastifyRequest } from 'fastify'
import type { ResolvedOptions } from '../options.js'
import type { Reference } from '../record.js'
import type { CallerFinder } from './caller.js'
import { traceIdOfCall } from './caller.js'
import { checkFields, checkId, referenceInData } from './check-fields.js'
import { Draft, type DraftFields, emptyFields } from './draft.js'
import type { Journal } from './journal.js'
import type { LogFields } from './log-fields.js'
import { headerOf, rawHeadersOf, recordHeaders } from './raw-headers.js'
import { type HandleParts, RecordHandle } from './record-handle.js'
import { recordUrl } from './record-url.js'
import type { ServiceRedactors } from './service-redactors.js'

/** Makes the records that the application, or a webhook, writes itself. */
export class LogWriter {
  readonly #journal: Journal
  readonly #redactors: ServiceRedactors
  readonly #callers: CallerFinder
  readonly #options: ResolvedOptions

  constructor(
    journal: Journal,
    redactors: ServiceRedactors,
    callers: CallerFinder,
    options: ResolvedOptions,
  ) {
    this.#journal = journal
    this.#redactors = redactors
    this.#callers = callers
    this.#options = options
  }

  /**
   * A handle on a new record, which is not written yet.
   *
   * @throws SCS_INTEGRATION_ERR_FIELD, SCS_INTEGRATION_ERR_ID
   */
  open(given: LogFields, request: FastifyRequest | undefined): RecordHandle {
    checkFields(given)
    const redactor = this.#redactors.of(given.service)
    const id = given.id === undefined ? createRecordId() : checkId(given.id)
    const fields = emptyFields(id, Date.now(), redactor.text(given.service))
    describeFields(fields, given, redactor)
    this.#callers.describe(this.#callers.find(request), fields, redactor)
    const handle = this.resume(new Draft(fields))
    this.#describeBodies(handle, given)
    return handle
  }

  /** A handle on a record that was written before. */
  resume(draft: Draft): RecordHandle {
    const { service } = draft.fields
    const declared = this.#options.services.get(service)
    const parts: HandleParts = {
      redactor: this.#redactors.of(service),
      maxBytes: declared?.maxBodyBytes ?? this.#options.maxBodyBytes,
      write: (changed) => this.#journal.write(changed),
    }
    return new RecordHandle(draft, parts)
  }

  #describeBodies(handle: RecordHandle, given: LogFields): void {
    const { fields } = handle.draft
    const { data, output, error } = given
    const sentType = headerOf(rawHeadersOf(given.requestHeaders), 'content-type')
    const receivedType = headerOf(rawHeadersOf(given.responseHeaders), 'content-type')
    fields.data = handle.describe(data, { contentType: sentType })
    fields.output = handle.describe(output, { contentType: receivedType })
    fields.error = handle.describe(error, { contentType: receivedType })
  }
}

function describeFields(fields: DraftFields, given: LogFields, redactor: Redactor): void {
  const text = (value: string | undefined): string | null =>
    value === undefined ? null : redactor.text(value)
  const sent = rawHeadersOf(given.requestHeaders)
  fields.isRemoteRequest = given.isRemoteRequest ?? true
  fields.description = text(given.description)
  fields.requestId = text(given.requestId)
  fields.status = given.status ?? 'Queued'
  fields.method = text(given.method?.toUpperCase())
  fields.url = given.url === undefined ? null : recordUrl(given.url, redactor)
  if (given.requestHeaders !== undefined) fields.requestHeaders = recordHeaders(sent, redactor)
  if (given.responseHeaders !== undefined)
    fields.responseHeaders = recordHeaders(rawHeadersOf(given.responseHeaders), redactor)
  fields.statusCode = given.statusCode ?? null
  fields.durationMs = given.durationMs ?? null
  fields.reference = redactReference(given.reference ?? referenceInData(given.data), redactor)
  fields.retryOf = text(given.retryOf)
  fields.traceId = traceIdOfCall(sent)
}

function redactReference(reference: Reference | undefined, redactor: Redactor): Reference | null {
  if (reference === undefined) return null
  return { type: redactor.text(reference.type), id: redactor.text(String(reference.id)) }
}
