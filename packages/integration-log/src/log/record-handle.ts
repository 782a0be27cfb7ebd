import { inspect } from 'node:util'
import type { DescribeOptions, JsonValue, Redactor } from '@fastify-scs/core'
import { FieldError } from '../errors.js'
import { INTEGRATION_STATUSES, type IntegrationRecord, type IntegrationStatus } from '../record.js'
import { describeGiven } from './describe-given.js'
import type { Draft } from './draft.js'
import type { IntegrationHandle } from './handle.js'

/** What a handle redacts, bounds and writes with. */
export interface HandleParts {
  readonly redactor: Redactor
  /** Of `data`, `output` and `error` each. */
  readonly maxBytes: number
  write(draft: Draft): void
}

/** A handle on a record. Any status may follow any other, and no change takes away what another one recorded. */
export class RecordHandle implements IntegrationHandle {
  readonly draft: Draft
  readonly #parts: HandleParts
  /** Whether the application has set the status itself. */
  hasStatus = false
  /** Whether the application has given the output or the error itself. */
  hasResult = false

  constructor(draft: Draft, parts: HandleParts) {
    this.draft = draft
    this.#parts = parts
  }

  get id(): string {
    return this.draft.fields.id
  }

  get record(): IntegrationRecord {
    return this.draft.record()
  }

  authorize(): void {
    this.#set('Authorized')
  }

  complete(output?: unknown): void {
    if (output !== undefined) this.#result('output', output)
    this.#set('Completed')
  }

  fail(error?: unknown): void {
    if (error !== undefined) this.#result('error', error)
    this.#set('Failed')
  }

  cancel(): void {
    this.#set('Cancelled')
  }

  update(params: Readonly<Record<string, unknown>>, status?: IntegrationStatus): void {
    if (typeof params !== 'object' || params === null || Array.isArray(params))
      throw new FieldError('params', 'an object', inspect(params, { depth: 0 }))
    if (status !== undefined) checkStatus(status)
    const { fields } = this.draft
    fields.data = this.describe(mergeData(fields.data, this.describe(params)))
    if (status === undefined) this.#parts.write(this.draft)
    else this.#set(status)
  }

  /** A redacted, bounded copy of a value; the record is truncated when something of it is missing. */
  describe(value: unknown, options: Omit<DescribeOptions, 'maxBytes'> = {}): JsonValue {
    const { redactor, maxBytes } = this.#parts
    const described = describeGiven(value, redactor, { ...options, maxBytes })
    if (described.isTruncated) this.draft.fields.truncated = true
    return described.value
  }

  get redactor(): Redactor {
    return this.#parts.redactor
  }

  /** Bytes of a body that are kept. */
  get maxBytes(): number {
    return this.#parts.maxBytes
  }

  /** Hands the present version over. */
  write(): void {
    this.#parts.write(this.draft)
  }

  #result(field: 'output' | 'error', value: unknown): void {
    this.hasResult = true
    this.draft.fields[field] = this.describe(value)
  }

  #set(status: IntegrationStatus): void {
    this.hasStatus = true
    this.draft.fields.status = status
    this.#parts.write(this.draft)
  }
}

/** @throws SCS_INTEGRATION_ERR_FIELD */
export function checkStatus(status: unknown): asserts status is IntegrationStatus {
  if (INTEGRATION_STATUSES.includes(status as IntegrationStatus)) return
  throw new FieldError('status', INTEGRATION_STATUSES.join(', '), inspect(status, { depth: 0 }))
}

/** Both as one object, what is newer winning; data that is no object stands under the key `data`. */
export function mergeData(data: JsonValue, newer: JsonValue): JsonValue {
  if (data === null) return newer
  return newer === null ? data : { ...objectOf(data), ...objectOf(newer) }
}

function objectOf(data: JsonValue): { [field: string]: JsonValue } {
  if (data === null) return {}
  return typeof data === 'object' && !Array.isArray(data) ? data : { data }
}
