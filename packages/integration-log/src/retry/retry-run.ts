import { types } from 'node:util'
import { isObject, nearestHint, shortened, show } from '@fastify-scs/core/kit'
import * as errors from '../errors.js'
import type { IntegrationFilter, IntegrationPage } from '../find/record-finder.js'
import type { IntegrationHandle, RetriedCall } from '../log/handle.js'
import type { IntegrationRecord } from '../record.js'

/** Calls sent at a time by default. */
const DEFAULT_CONCURRENCY = 4
/** Records read at a time. */
const PAGE_SIZE = 50

/** Which failed calls are sent again. */
export type RetryFilter = Omit<
  IntegrationFilter,
  'status' | 'statusNot' | 'direction' | 'cursor' | 'limit'
>

/** How many calls are sent again. */
export interface RetryAllOptions {
  /** Calls at a time, 1 to 100. @default 4 */
  readonly concurrency?: number
  /** Called after each record with the progress so far; it is not awaited, and what it throws or rejects with is logged. */
  readonly onProgress?: (progress: RetryProgress) => void
  /** Once it is aborted no more calls are sent; those under way end, and the report says how far the run came. */
  readonly signal?: AbortSignal
}

/** How far the run has come. */
export interface RetryProgress {
  /** Sent again. */
  readonly retried: number
  /** Those of them that have not failed again. */
  readonly succeeded: number
  readonly failed: number
  readonly skipped: number
}

/** The result of a run. */
export interface RetryReport extends Omit<RetryProgress, 'skipped'> {
  /** Those that were not sent again, and why. */
  readonly skipped: readonly { readonly id: string; readonly reason: string }[]
}

/** What a run needs to find calls and send them again. */
export interface RetryRunParts {
  find(filter: IntegrationFilter): Promise<IntegrationPage>
  resume(id: string): Promise<IntegrationHandle | undefined>
  lastAttempt(record: IntegrationRecord): Promise<IntegrationRecord>
  /** Resolves once what has ended is recorded. */
  settled(): Promise<void>
  logFailure(error: unknown, message: string): void
}

/** One run over all failed calls of a filter, newest first. */
export class RetryRun {
  readonly #parts: RetryRunParts
  readonly #options: RetryAllOptions
  /** The last attempts of the records seen so far, and the attempts of this run. */
  readonly #met = new Set<string>()
  readonly #skipped: { readonly id: string; readonly reason: string }[] = []
  #succeeded = 0
  #failed = 0

  /** @throws SCS_INTEGRATION_ERR_FIELD */
  constructor(parts: RetryRunParts, options: RetryAllOptions) {
    checkRetryOptions(options)
    this.#parts = parts
    this.#options = options
  }

  /** @throws SCS_INTEGRATION_ERR_FIELD, SCS_INTEGRATION_ERR_NO_STORE, and what the store throws */
  async over(filter: RetryFilter): Promise<RetryReport> {
    checkRetryFilter(filter)
    const records = this.#failedOf(filter)
    const work = async (): Promise<void> => {
      for await (const record of records) await this.#take(record)
    }
    await Promise.all(
      Array.from({ length: this.#options.concurrency ?? DEFAULT_CONCURRENCY }, work),
    )
    const { skipped: _, ...counts } = this.#progress()
    return { ...counts, skipped: this.#skipped }
  }

  async *#failedOf(filter: RetryFilter): AsyncGenerator<IntegrationRecord> {
    let cursor: string | undefined
    do {
      const page: IntegrationPage = await this.#parts.find({
        ...filter,
        status: 'Failed',
        direction: 'out',
        limit: PAGE_SIZE,
        ...(cursor === undefined ? {} : { cursor }),
      })
      for (const record of page.items) {
        if (this.#options.signal?.aborted === true) return
        yield record
      }
      cursor = page.nextCursor
    } while (cursor !== undefined)
  }

  async #take(record: IntegrationRecord): Promise<void> {
    const last = await this.#parts.lastAttempt(record)
    // Its last attempt was handled in this run already, or has succeeded.
    if (this.#met.has(last.id) || last.status !== 'Failed') return
    this.#met.add(last.id)
    await this.#retry(record)
    this.#tell()
  }

  async #retry({ id }: IntegrationRecord): Promise<void> {
    try {
      const handle = await this.#parts.resume(id)
      if (handle === undefined) this.#skipped.push({ id, reason: 'it is gone' })
      else if (await this.#succeeds(await handle.retry())) this.#succeeded++
      else this.#failed++
    } catch (error) {
      // Refused before anything was sent.
      if (isOurs(error)) this.#skipped.push({ id, reason: error.message })
      else this.#failed++
    }
  }

  /** Whether an attempt is recorded as anything but a failure, once its answer has ended. */
  async #succeeds({ response, handle }: RetriedCall): Promise<boolean> {
    this.#met.add(handle.id)
    try {
      for await (const _ of response.body ?? []);
    } catch {
      // The record says how it ended.
    }
    await this.#parts.settled()
    return handle.record.status !== 'Failed'
  }

  #progress(): RetryProgress {
    const succeeded = this.#succeeded
    const failed = this.#failed
    return { retried: succeeded + failed, succeeded, failed, skipped: this.#skipped.length }
  }

  #tell(): void {
    const failed = (error: unknown): void =>
      this.#parts.logFailure(error, 'onProgress of retryAll failed; the calls are sent again')
    try {
      const told: unknown = this.#options.onProgress?.(this.#progress())
      // It is not awaited; an unhandled rejection would end the process.
      if (types.isPromise(told)) told.catch(failed)
    } catch (error) {
      failed(error)
    }
  }
}

function isOurs(error: unknown): error is Error {
  return error instanceof Error && Object.values(errors).some((ours) => error instanceof ours)
}

const MAX_CONCURRENCY = 100
const OPTIONS: readonly string[] = ['concurrency', 'onProgress', 'signal']
/** Filters that a run sets itself. They are refused: heeding them would send wrong calls, ignoring them too many. */
const OWN_OF_RUN = ['status', 'statusNot', 'direction', 'cursor', 'limit'] as const

/** @throws SCS_INTEGRATION_ERR_FIELD */
export function checkRetryFilter(filter: RetryFilter): void {
  checkObject('filter', filter)
  for (const name of OWN_OF_RUN)
    if ((filter as Readonly<Record<string, unknown>>)[name] !== undefined)
      throw new errors.FieldError(
        `filter.${name}`,
        'none: all failed outbound calls are meant',
        'one',
      )
}

/** @throws SCS_INTEGRATION_ERR_FIELD */
export function checkRetryOptions(options: RetryAllOptions): void {
  checkObject('options', options)
  for (const name of Object.keys(options)) if (!OPTIONS.includes(name)) refuseUnknown(name)
  const { concurrency = 1, onProgress, signal } = options
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > MAX_CONCURRENCY)
    fail('concurrency', `a whole number, 1 to ${MAX_CONCURRENCY}`, concurrency)
  if (onProgress !== undefined && typeof onProgress !== 'function')
    fail('onProgress', 'a function', onProgress)
  // An AbortSignal of any realm.
  if (signal !== undefined && typeof (signal as AbortSignal | null)?.aborted !== 'boolean')
    fail('signal', 'an AbortSignal', signal)
}

function refuseUnknown(name: string): never {
  const hint = nearestHint(name, OPTIONS)
  throw new errors.FieldError(`options.${shortened(name, 60)}`, 'no such field', `one${hint}`)
}

function checkObject(field: string, value: unknown): void {
  if (!isObject(value)) fail(field, 'an object', value)
}

function fail(field: string, expected: string, found: unknown): never {
  throw new errors.FieldError(field, expected, show(found))
}
