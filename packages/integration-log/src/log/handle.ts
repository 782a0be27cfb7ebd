import type { JsonValue, Redactor } from '@fastify-scs/core'
import {
  boundedData,
  type DescribedBody,
  type DescribeOptions,
  keyedValue,
} from '@fastify-scs/core/kit'
import { describeGiven } from '../bodies/describe-given.js'
import type { IntegrationRecord, IntegrationStatus } from '../record.js'
import type { Draft, LiveDrafts } from './draft.js'
import type { KeyRegistry } from './key-registry.js'
import type { ReferFields } from './log-fields.js'
import { checkRefer, checkStatus } from './log-fields.js'
import { readUpdate } from './update-fields.js'

/** What a handle needs to redact, cut and write values. */
export interface HandleParts {
  readonly redactor: Redactor
  /** Of `data`, `output` and `error` each. */
  readonly maxBytes: number
  readonly drafts: LiveDrafts
  readonly keys: KeyRegistry
  write(draft: Draft): void
  retry(draft: Draft): Promise<RetriedCall>
}

/** A handle on a record. Any status may follow any other, and no change loses what another one recorded. */
export class RecordHandle implements IntegrationHandle {
  readonly id: string
  readonly #parts: HandleParts
  #draft: Draft

  readonly authorize: IntegrationHandle['authorize'] = () => this.#set({ status: 'Authorized' })
  readonly complete: IntegrationHandle['complete'] = (output) =>
    this.#end('Completed', 'output', output)
  readonly fail: IntegrationHandle['fail'] = (error) => this.#end('Failed', 'error', error)
  readonly cancel: IntegrationHandle['cancel'] = () => this.#set({ status: 'Cancelled' })
  readonly update: IntegrationHandle['update'] = (params, status) => this.#merge(params, status)
  readonly refer: IntegrationHandle['refer'] = (to) => this.#refer(to)
  readonly retry: IntegrationHandle['retry'] = () => this.#parts.retry(this.draft)

  constructor(draft: Draft, parts: HandleParts) {
    this.id = draft.fields.id
    this.#draft = draft
    this.#parts = parts
  }

  /** The record's shared state; it is replaced when the record is resumed. */
  get draft(): Draft {
    const shared = this.#parts.drafts.of(this.id)
    if (shared !== undefined && shared !== this.#draft) {
      shared.absorb(this.#draft)
      this.#draft = shared
    }
    return this.#draft
  }

  get record(): IntegrationRecord {
    return this.draft.record()
  }

  /** Whether the application has set the output or the error; then the answer's body is not recorded as either. */
  get hasResult(): boolean {
    return this.draft.isByHand('output') || this.draft.isByHand('error')
  }

  /** A redacted, bounded copy of a value; the record is truncated when something of it is missing. */
  describe(value: unknown, options: Omit<DescribeOptions, 'maxBytes'> = {}): JsonValue {
    const { redactor, maxBytes } = this.#parts
    const described = describeGiven(value, redactor, { ...options, maxBytes })
    if (described.isTruncated) this.draft.cut()
    return described.value
  }

  get redactor(): Redactor {
    return this.#parts.redactor
  }

  /** Bytes of a body that are kept. */
  get maxBytes(): number {
    return this.#parts.maxBytes
  }

  /** Hands the current version to the store. */
  write(): void {
    this.#parts.write(this.draft)
  }

  /** The key if the record may have it; else undefined, counted and logged. */
  keyFor(key: unknown): string | undefined {
    const { service } = this.draft.fields
    return this.#parts.keys.tryClaim({ service, key: key as string }, this.id, this.redactor)
  }

  #set(changes: Parameters<Draft['set']>[0]): void {
    this.draft.set(changes)
    this.write()
  }

  #end(status: IntegrationStatus, field: 'output' | 'error', value: unknown): void {
    if (value === undefined) this.#set({ status })
    else this.#set({ status, [field]: this.describe(value) })
  }

  #merge(params: Readonly<Record<string, unknown>>, status: IntegrationStatus | undefined): void {
    const { data, reference, description } = readUpdate(params)
    if (status !== undefined) checkStatus(status)
    const { draft, redactor } = this
    const newer = this.describe(data)
    const merged = this.#merged(draft.fields.data, newer)
    if (merged.isTruncated) draft.cut()
    // Data that was cut can no longer be compared key by key.
    draft.merge(merged.value, merged.isTooLong ? undefined : Object.keys(keyedValue(newer)))
    this.#set({
      ...(status === undefined ? {} : { status }),
      ...(reference === undefined
        ? {}
        : { reference: { type: redactor.text(reference.type), id: redactor.text(reference.id) } }),
      ...(description === undefined ? {} : { description: redactor.text(description) }),
    })
  }

  /** Merged before redaction, since the name and the value of a secret may come in two updates. */
  #merged(data: JsonValue, newer: JsonValue): DescribedBody & { readonly isTooLong: boolean } {
    const { redactor, maxBytes } = this.#parts
    const described = (value: JsonValue) => describeGiven(value, redactor, { maxBytes })
    const whole = mergeData(data, newer)
    const isTooLong = boundedData(whole, maxBytes).isTruncated
    const merged = described(whole)
    if (!merged.isTruncated) return { ...merged, isTooLong }
    // The end is what gets cut, so the new fields come first.
    return { ...described({ ...keyedValue(newer), ...keyedValue(whole) }), isTooLong }
  }

  #refer(to: ReferFields): void {
    checkRefer(to)
    const { type, id, key, description } = to
    const { redactor } = this
    const kept = key === undefined ? undefined : this.keyFor(key)
    this.#set({
      reference: { type: redactor.text(type), id: redactor.text(String(id)) },
      ...(kept === undefined ? {} : { key: kept }),
      ...(description === undefined ? {} : { description: redactor.text(description) }),
    })
  }
}

/** Both as one object, the newer fields winning; data that is not an object goes under the key `data`. */
export function mergeData(data: JsonValue, newer: JsonValue): JsonValue {
  if (data === null) return newer
  return newer === null ? data : { ...keyedValue(data), ...keyedValue(newer) }
}

/**
 * A record that the application changes. Each change is handed to the store at once; of two changes to one field the last one
 * wins, whatever handle or process it comes from. Its functions work without the object, as callbacks.
 */
export interface IntegrationHandle {
  /** The record's id. */
  readonly id: string
  /** The record as it is now, redacted. All handles of a record in a process share it. */
  readonly record: IntegrationRecord
  /** Sets the status `Authorized`. */
  readonly authorize: () => void
  /** Sets `Completed`, and the output when one is given. From Frappe's `handle_success`. */
  readonly complete: (output?: unknown) => void
  /** Sets `Failed`, and the error when one is given. From Frappe's `handle_failure`. */
  readonly fail: (error?: unknown) => void
  /** Sets the status `Cancelled`. */
  readonly cancel: () => void
  /**
   * Merges fields into `data`, and sets the status if one is given. Data that is not an object is kept under the key `data`.
   * `reference_doctype` with `reference_docname`, or `reference` as `{ type, id }`, is the record's reference too, and
   * `request_description` its description. From Frappe's `update_status`.
   *
   * @throws SCS_INTEGRATION_ERR_FIELD when the status is unknown, the fields are not an object, or a key is a misspelling of one of these names
   */
  readonly update: (params: Readonly<Record<string, unknown>>, status?: IntegrationStatus) => void
  /**
   * Sets the business record that this one belongs to. A key that another record of the service has is left out, counted and logged.
   *
   * @throws SCS_INTEGRATION_ERR_FIELD
   */
  readonly refer: (to: ReferFields) => void
  /**
   * Sends a failed outbound call again through its service, which needs the option `retry`: the same method, URL, headers and body, as
   * far as the record has them (JSON is the same value, and not the same bytes). The new record is linked by `retryOf`.
   *
   * @throws SCS_INTEGRATION_ERR_RETRY where the record lacks part of the request, and what the service's fetch throws; as a rejection
   */
  readonly retry: () => Promise<RetriedCall>
}

/** A call that was sent again. */
export interface RetriedCall {
  /** As fetch returns it, with its body unread. */
  readonly response: Response
  /** The new record, complete once the answer has ended. */
  readonly handle: IntegrationHandle
}
