import { describeBody, plainBodyOf } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import { ResponseError } from '../errors.js'
import { describeError } from './describe-error.js'
import type { Draft } from './draft.js'
import type { IntegrationHandle } from './handle.js'
import type { Journal } from './journal.js'
import type { LogWriter } from './log-writer.js'
import { fieldOf } from './read-caught.js'
import { readFields } from './read-fields.js'
import { fieldsOfResponse, type ReadResponse, readResponse } from './read-response.js'
import type { RecordHandle } from './record-handle.js'
import { copyBody } from './response-copy.js'
import type { FetchResponse, ResponseFields } from './response-fields.js'
import type { Counts } from './stats.js'

/** Records calls by their responses, and by the errors that stand for one. */
export class ResponseLog {
  readonly #writer: LogWriter
  readonly #journal: Journal
  readonly #counts: Counts
  readonly #underWay = new Map<Promise<void>, Draft>()

  constructor(writer: LogWriter, journal: Journal, counts: Counts) {
    this.#writer = writer
    this.#journal = journal
    this.#counts = counts
  }

  /**
   * Whoever logs what was thrown is about to handle it, so that nothing is thrown then: fields that are wrong are left out, counted and
   * logged, and so is that it was neither a response nor an error.
   *
   * @throws SCS_INTEGRATION_ERR_RESPONSE for a promise; SCS_INTEGRATION_ERR_FIELD, SCS_INTEGRATION_ERR_ID, SCS_INTEGRATION_ERR_KEY_TAKEN
   *   for a response
   */
  log(
    response: unknown,
    given: ResponseFields,
    request: FastifyRequest | undefined,
  ): IntegrationHandle {
    const read = readResponse(response)
    if (read.unknown !== undefined)
      this.#tell(
        new ResponseError(read.unknown),
        'a failed call is recorded of which little is known',
      )
    try {
      return this.#log(read, readFields(given, 'body'), request)
    } catch (error) {
      if (read.isCaught !== true) throw error
      this.#tell(error, 'a failed call is recorded without a field that is wrong')
      return this.#log(read, this.#rightOf(read, given), request)
    }
  }

  /** The bodies that are being read, each until it is recorded; of all records or of some. */
  reading(isMeant: (draft: Draft) => boolean = () => true): Promise<void>[] {
    const meant: Promise<void>[] = []
    for (const [reading, draft] of this.#underWay) if (isMeant(draft)) meant.push(reading)
    return meant
  }

  /** A record that is written once its body is read. */
  unwritten(isMeant: (draft: Draft) => boolean): Draft | undefined {
    for (const draft of this.#underWay.values()) if (isMeant(draft)) return draft
    return undefined
  }

  /** Resolves once the bodies that are being read are recorded. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay.keys())
  }

  #log(
    read: ReadResponse,
    given: ResponseFields,
    request: FastifyRequest | undefined,
  ): IntegrationHandle {
    const handle = this.#writer.open(fieldsOfResponse(read, given), request)
    const { unread } = read
    const isGiven = given.body !== undefined
    if (unread === undefined || isGiven || handle.maxBytes === 0) handle.write()
    else this.#complete(handle, unread)
    return handle
  }

  #tell(error: unknown, message: string): void {
    this.#counts.describeFailures++
    this.#journal.complain(error, message)
  }

  /** The fields that are taken one by one. */
  #rightOf(read: ReadResponse, given: ResponseFields): ResponseFields {
    const right: Record<string, unknown> = {}
    for (const name of ['service', ...namesOf(given)]) {
      try {
        const value = fieldOf(given, name)
        const field = readFields({ [name]: value }, 'body')
        // With what is right so far, since a key is one of its service.
        this.#writer.check(fieldsOfResponse({ ...read, fields: {} }, { ...right, ...field }))
        Object.assign(right, field)
      } catch {
        // Told already, with the others that are wrong.
      }
    }
    return right
  }

  #complete(handle: RecordHandle, unread: FetchResponse): void {
    if (this.#journal.keepsAll) handle.write()
    const reading = this.#read(handle, unread)
      .catch((error: unknown) => this.#journal.complain(error, 'a response is not recorded'))
      .finally(() => this.#underWay.delete(reading))
    this.#underWay.set(reading, handle.draft)
  }

  async #read(handle: RecordHandle, unread: FetchResponse): Promise<void> {
    const { body, error } = await copyBody(unread, handle.maxBytes)
    const { draft, redactor, hasResult } = handle
    const type = unread.headers.get('content-type') ?? undefined
    const described = describeBody(plainBodyOf(body), type, redactor)
    if (described.isTruncated) draft.cut()
    const { status } = draft.fields
    // What the application has set in the meantime stays.
    if (!hasResult) draft.setOwn({ [status === 'Failed' ? 'error' : 'output']: described.value })
    if (error !== undefined) {
      draft.setOwn({ status: 'Failed' })
      if (draft.fields.error === null) draft.setOwn({ error: describeError(error, redactor) })
    }
    handle.write()
  }
}

/** None of an object that cannot be looked into. */
function namesOf(given: unknown): readonly string[] {
  try {
    return typeof given === 'object' && given !== null ? Object.keys(given) : []
  } catch {
    return []
  }
}
