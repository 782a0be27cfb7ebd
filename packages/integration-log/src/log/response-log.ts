import { describeBody, plainBodyOf } from '@fastify-scs/core'
import type { FastifyRequest } from 'fastify'
import { describeError } from './describe-error.js'
import type { IntegrationHandle } from './handle.js'
import type { Journal } from './journal.js'
import type { LogWriter } from './log-writer.js'
import { fieldsOfResponse, readResponse } from './read-response.js'
import type { RecordHandle } from './record-handle.js'
import { copyBody } from './response-copy.js'
import type { AnyResponse, FetchResponse, ResponseFields } from './response-fields.js'

/** Records calls by their responses. */
export class ResponseLog {
  readonly #writer: LogWriter
  readonly #journal: Journal
  readonly #underWay = new Set<Promise<void>>()

  constructor(writer: LogWriter, journal: Journal) {
    this.#writer = writer
    this.#journal = journal
  }

  /** @throws SCS_INTEGRATION_ERR_RESPONSE, SCS_INTEGRATION_ERR_FIELD, SCS_INTEGRATION_ERR_ID */
  log(
    response: AnyResponse,
    given: ResponseFields,
    request: FastifyRequest | undefined,
  ): IntegrationHandle {
    const read = readResponse(response)
    const handle = this.#writer.open(fieldsOfResponse(read, given), request)
    const { unread } = read
    const isGiven = given.body !== undefined
    if (unread === undefined || isGiven || handle.maxBytes === 0) handle.write()
    else this.#complete(handle, unread)
    return handle
  }

  /** Resolves once the bodies that are being read are recorded. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay)
  }

  #complete(handle: RecordHandle, unread: FetchResponse): void {
    const reading = this.#read(handle, unread)
      .catch((error: unknown) => this.#journal.complain(error, 'a response is not recorded'))
      .finally(() => this.#underWay.delete(reading))
    this.#underWay.add(reading)
  }

  async #read(handle: RecordHandle, unread: FetchResponse): Promise<void> {
    const { body, error } = await copyBody(unread, handle.maxBytes)
    const { fields } = handle.draft
    const type = unread.headers.get('content-type') ?? undefined
    const described = describeBody(plainBodyOf(body), type, handle.redactor)
    fields.truncated ||= described.isTruncated
    // What the application has set in the meantime stays.
    if (!handle.hasResult)
      fields[fields.status === 'Completed' ? 'output' : 'error'] = described.value
    if (error !== undefined) {
      if (!handle.hasStatus) fields.status = 'Failed'
      fields.error ??= describeError(error, handle.redactor)
    }
    handle.write()
  }
}
