import type { Redactor } from '@fastify-scs/core'
import { createRecordId } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import type { ResolvedOptions } from '../options.js'
import { headerOf, type RawHeaders, rawHeadersOf } from '../raw-headers.js'
import type { RecordedHeaders, Reference } from '../record.js'
import { type DraftFields, emptyFields } from '../record.js'
import { type CallerFinder, traceIdOfCall } from './caller.js'
import type { Draft, LiveDrafts } from './draft.js'
import { type HandleParts, RecordHandle, type RetriedCall } from './handle.js'
import type { KeyRegistry } from './key-registry.js'
import { checkFields, checkId, type LogFields, referenceInData } from './log-fields.js'
import type { RecordSink } from './record-sink.js'
import { recordHeaders, recordUrl, type ServiceRedactors } from './redaction.js'

/** What a log writer needs. */
export interface LogWriterParts {
  readonly sink: RecordSink
  readonly redactors: ServiceRedactors
  readonly callers: CallerFinder
  readonly drafts: LiveDrafts
  readonly keys: KeyRegistry
  readonly options: ResolvedOptions
  retry(draft: Draft): Promise<RetriedCall>
}

/** Makes the records that the application, or a webhook, writes itself. */
export class LogWriter {
  readonly #parts: LogWriterParts

  constructor(parts: LogWriterParts) {
    this.#parts = parts
  }

  /**
   * A handle on a new record, which is not written yet.
   *
   * @throws SCS_INTEGRATION_ERR_FIELD, SCS_INTEGRATION_ERR_ID, SCS_INTEGRATION_ERR_KEY_TAKEN
   */
  open(given: LogFields, request: FastifyRequest | undefined): RecordHandle {
    checkFields(given)
    const { redactors, callers, drafts, keys } = this.#parts
    const redactor = redactors.of(given.service)
    const id = given.id === undefined ? createRecordId() : checkId(given.id)
    const fields = emptyFields(id, new Date().toISOString(), redactor.text(given.service))
    describeFields(fields, given, redactor)
    const caller = callers.find(request)
    this.#trace(fields, given, caller)
    callers.describe(caller, fields, redactor)
    const handle = this.resume(drafts.open(fields))
    this.#describeBodies(handle, given)
    // Last, so that a record that could not be made keeps no key reserved.
    if (given.key !== undefined)
      fields.key = keys.claim({ service: fields.service, key: given.key }, id, redactor)
    return handle
  }

  /** Whether a record can be made of the fields. @throws SCS_INTEGRATION_ERR_FIELD, SCS_INTEGRATION_ERR_ID, SCS_INTEGRATION_ERR_KEY_TAKEN */
  check(given: LogFields): void {
    checkFields(given)
    const { redactors, keys } = this.#parts
    const redactor = redactors.of(given.service)
    const id = given.id === undefined ? '' : checkId(given.id)
    if (given.key !== undefined)
      keys.check({ service: redactor.text(given.service), key: given.key }, id, redactor)
  }

  /** A handle on a record that exists. */
  resume(draft: Draft): RecordHandle {
    const { redactors, drafts, keys, sink, options } = this.#parts
    const { service } = draft.fields
    const declared = options.services.get(service)
    const parts: HandleParts = {
      redactor: redactors.of(service),
      maxBytes: declared?.maxBodyBytes ?? options.maxBodyBytes,
      drafts,
      keys,
      write: (changed) => sink.write(changed),
      retry: (failed) => this.#parts.retry(failed),
    }
    return new RecordHandle(draft, parts)
  }

  /** An outbound call has the trace id that it was sent with, else that of the active span; an inbound one the other way round. */
  #trace(
    fields: DraftFields,
    { requestHeaders }: LogFields,
    request: FastifyRequest | undefined,
  ): void {
    const own = traceIdOfCall(rawHeadersOf(requestHeaders))
    const active = this.#parts.callers.activeTraceId(request)
    fields.traceId = fields.isRemoteRequest ? (own ?? active) : (active ?? own)
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
  const headers = (raw: RawHeaders): RecordedHeaders => {
    const { value, isTruncated } = recordHeaders(raw, redactor)
    fields.truncated ||= isTruncated
    return value
  }
  const sent = rawHeadersOf(given.requestHeaders)
  fields.isRemoteRequest = given.isRemoteRequest ?? true
  fields.description = text(given.description)
  fields.requestId = text(given.requestId)
  fields.remoteId = text(given.remoteId)
  fields.status = given.status ?? 'Queued'
  fields.method = text(given.method?.toUpperCase())
  fields.url = given.url === undefined ? null : recordUrl(given.url, redactor)
  if (given.requestHeaders !== undefined) fields.requestHeaders = headers(sent)
  if (given.responseHeaders !== undefined)
    fields.responseHeaders = headers(rawHeadersOf(given.responseHeaders))
  fields.statusCode = given.statusCode ?? null
  fields.durationMs = given.durationMs ?? null
  fields.reference = redactReference(given.reference ?? referenceInData(given.data), redactor)
  fields.retryOf = text(given.retryOf)
}

function redactReference(reference: Reference | undefined, redactor: Redactor): Reference | null {
  if (reference === undefined) return null
  return { type: redactor.text(reference.type), id: redactor.text(String(reference.id)) }
}
