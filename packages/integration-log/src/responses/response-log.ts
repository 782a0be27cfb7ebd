import { type CapturedBody, describeBody, isObject, plainBodyOf } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import { describeError } from '../bodies/describe-given.js'
import { ResponseError } from '../errors.js'
import type { Draft } from '../log/draft.js'
import { readFields } from '../log/frappe-fields.js'
import type { IntegrationHandle, RecordHandle } from '../log/handle.js'
import { fieldOf } from '../log/log-fields.js'
import type { LogWriter } from '../log/log-writer.js'
import type { RecordSink } from '../log/record-sink.js'
import type { Counts } from '../log/stats.js'
import { fieldsOfResponse, readResponse } from './read-loggable.js'
import type { FetchResponse, ReadResponse, ResponseFields } from './read-response.js'

/** Records calls by their responses, or by the errors that came instead. */
export class ResponseLog {
  readonly #writer: LogWriter
  readonly #sink: RecordSink
  readonly #counts: Counts
  readonly #underWay = new Map<Promise<void>, Draft>()

  constructor(writer: LogWriter, sink: RecordSink, counts: Counts) {
    this.#writer = writer
    this.#sink = sink
    this.#counts = counts
  }

  /**
   * For something that was thrown it throws nothing, since the caller is handling that error: wrong fields are left out, counted and
   * logged. A value that is neither a response nor an error is logged too.
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

  /** The bodies that are being read, until they are recorded; of all records or of some. */
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
    this.#sink.logFailure(error, message)
  }

  /** The fields that are taken one by one. */
  #rightOf(read: ReadResponse, given: ResponseFields): ResponseFields {
    const right: Record<string, unknown> = {}
    for (const name of ['service', ...namesOf(given)]) {
      try {
        const value = fieldOf(given, name)
        const field = readFields({ [name]: value }, 'body')
        // With the fields that are right so far, since a key depends on its service.
        this.#writer.check(fieldsOfResponse({ ...read, fields: {} }, { ...right, ...field }))
        Object.assign(right, field)
      } catch {
        // Logged already, with the other wrong fields.
      }
    }
    return right
  }

  #complete(handle: RecordHandle, unread: FetchResponse): void {
    if (this.#sink.keepsAll) handle.write()
    const reading = this.#read(handle, unread)
      .catch((error: unknown) => this.#sink.logFailure(error, 'a response is not recorded'))
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

/** No keys for an object that cannot be read. */
function namesOf(given: unknown): readonly string[] {
  try {
    return isObject(given) ? Object.keys(given) : []
  } catch {
    return []
  }
}

/** Longest time that a clone is read, in milliseconds: while it is open, cancelling the body does not end the connection. */
const READ_MS = 5_000

/** What was read from a clone of a response. */
export interface CopiedBody {
  readonly body: CapturedBody
  readonly error?: unknown
}

/**
 * Reads the beginning of a response's body from a clone, then cancels the clone. The application reads the original at its own pace;
 * at most `maxBytes` and a chunk are buffered for it. Never rejects.
 */
export async function copyBody(response: FetchResponse, maxBytes: number): Promise<CopiedBody> {
  const chunks: Uint8Array[] = []
  let totalBytes = 0
  const captured = (isWhole: boolean): CapturedBody => {
    const bytes = Buffer.concat(chunks).subarray(0, maxBytes)
    return { bytes, totalBytes, isWhole: isWhole && totalBytes <= maxBytes }
  }
  let hasEnded = false
  try {
    const reader = response.clone().body?.getReader()
    if (reader === undefined) return { body: captured(true) }
    const letGo = (): void => void reader.cancel().catch(() => undefined)
    const timer = setTimeout(letGo, READ_MS).unref()
    const startedAt = Date.now()
    while (!hasEnded && totalBytes <= maxBytes) {
      const { done, value } = await reader.read()
      hasEnded = done
      if (value === undefined) continue
      chunks.push(value)
      totalBytes += value.length
    }
    clearTimeout(timer)
    letGo()
    // A cancelled reader also says that it is done.
    return { body: captured(hasEnded && Date.now() - startedAt < READ_MS) }
  } catch (error) {
    return { body: captured(false), error }
  }
}
