import type { Redactor } from '@fastify-scs/core'
import { type FoundRecord, type RecordFilter, type RecordKey, show } from '@fastify-scs/core/kit'
import { FieldError, NoStoreError } from '../errors.js'
import type { Draft, LiveDrafts } from '../log/draft.js'
import type { KeyRegistry } from '../log/key-registry.js'
import type { RecordSink, UsedStore } from '../log/record-sink.js'
import type { ServiceRedactors } from '../log/redaction.js'
import type { IntegrationRecord, IntegrationStatus, Reference } from '../record.js'
import { isMeant, type PendingRecords } from './pending-records.js'

const KIND = 'integration_requests'

/** What a record finder needs. */
export interface RecordFinderParts {
  readonly sink: RecordSink
  readonly redactors: ServiceRedactors
  readonly drafts: LiveDrafts
  readonly keys: KeyRegistry
  readonly pending: PendingRecords
  /** Finds a record that is not written yet: of a call or webhook under way, of a response whose body is being read. */
  unwritten(isMeant: (draft: Draft) => boolean): Draft | undefined
}

/** Finds records in the store, and those that are not written yet. */
export class RecordFinder {
  readonly #parts: RecordFinderParts

  constructor(parts: RecordFinderParts) {
    this.#parts = parts
  }

  /** @throws SCS_INTEGRATION_ERR_NO_STORE, and what the store throws */
  async find(filter: IntegrationFilter = {}, method: string = 'find'): Promise<IntegrationPage> {
    const store = this.#storeFor(method)
    const unsettled = await this.#parts.pending.all()
    const { items, nextCursor, waiting = 0 } = await store.find(KIND, this.#asRecorded(filter))
    return {
      items: items.map((found) => recordOf(found)),
      ...(nextCursor === undefined ? {} : { nextCursor }),
      ...(waiting + unsettled === 0 ? {} : { waiting: waiting + unsettled }),
    }
  }

  /** @throws SCS_INTEGRATION_ERR_NO_STORE, SCS_INTEGRATION_ERR_FIELD, and what the store throws */
  async get(which: string | RecordKey): Promise<IntegrationRecord | undefined> {
    const name = this.#named(which)
    const store = this.#storeFor('get')
    const { found, unwritten } = await this.#look(store, name)
    return found === undefined ? unwritten?.record() : recordOf(found)
  }

  /**
   * A record to change. All who hold it share its state, which is brought up to date first.
   *
   * @throws SCS_INTEGRATION_ERR_NO_STORE, SCS_INTEGRATION_ERR_FIELD, and what the store throws
   */
  async draft(which: string | RecordKey): Promise<Draft | undefined> {
    const name = this.#named(which)
    const store = this.#storeFor('resume')
    const { drafts } = this.#parts
    const { found, unwritten } = await this.#look(store, name)
    if (found === undefined) return unwritten && drafts.share(unwritten)
    const { revision, stamps } = found
    return drafts.resume({ fields: recordOf(found), revision: revision + 1, stamps })
  }

  /** @throws SCS_INTEGRATION_ERR_NO_STORE, and what the store throws */
  async prune(limits: { readonly olderThanDays: number }): Promise<number> {
    const removed = await this.#storeFor('prune').prune({ ...limits, kind: KIND })
    // The keys of removed records are free again.
    this.#parts.keys.clear()
    return removed
  }

  /** The record from the store, else one that is not written yet. */
  async #look(store: UsedStore, name: string | RecordKey) {
    const { sink, pending, unwritten } = this.#parts
    await pending.one(name)
    const { recorded } = sink
    const found = await store.get(KIND, name)
    if (found !== undefined) return { found, unwritten: undefined }
    const known = unwritten(isMeant(name))
    if (known !== undefined || sink.recorded === recorded) return { found, unwritten: known }
    // It may have been written while the store was asked.
    return { found: await store.get(KIND, name), unwritten: undefined }
  }

  #named(which: string | RecordKey): string | RecordKey {
    if (typeof which === 'string') return which.toLowerCase()
    const { service, key } = which ?? {}
    if (typeof service !== 'string' || typeof key !== 'string')
      throw new FieldError('id', 'an id, or { service, key }', show(which))
    return { service: this.#parts.redactors.of(service).text(service), key }
  }

  // Recorded values were redacted, so the filter's are too; except for keys, which are recorded as given.
  #asRecorded(filter: IntegrationFilter): RecordFilter {
    const { service, owner, requestId, remoteId, urlPrefix, reference, ...rest } = filter
    const redactor: Redactor = this.#parts.redactors.of(service)
    const text = (value: string | undefined): string | undefined =>
      typeof value === 'string' ? redactor.text(value) : value
    const { type, id: rowId } = reference ?? {}
    // A number, such as the id of a row, was recorded as text.
    const id = typeof rowId === 'number' ? String(rowId) : rowId
    return {
      ...rest,
      ...given('service', text(service)),
      ...given('user', text(owner)),
      ...given('requestId', text(requestId)),
      ...given('remoteId', text(remoteId)),
      ...given('urlPrefix', typeof urlPrefix === 'string' ? redactor.url(urlPrefix) : urlPrefix),
      ...(reference === undefined || reference === null
        ? given('reference', reference)
        : { reference: { ...given('type', text(type)), ...given('id', text(id)) } }),
    }
  }

  #storeFor(method: string): UsedStore {
    const { store } = this.#parts.sink
    if (store === undefined) throw new NoStoreError(method)
    return store
  }
}

function given<Name extends string, Value>(
  name: Name,
  value: Value,
): { readonly [_ in Name]?: Exclude<Value, undefined> } {
  return (value === undefined ? {} : { [name]: value }) as {
    [_ in Name]?: Exclude<Value, undefined>
  }
}

/** The store decides which record has a key; records of earlier versions have none. */
function recordOf({ data, keys }: FoundRecord): IntegrationRecord {
  const record = data as unknown as IntegrationRecord
  const { key = null } = keys ?? record
  const { remoteId = null } = record
  return record.key === key && record.remoteId === remoteId ? record : { ...record, key, remoteId }
}

/** The fields of a store's filter that a search takes unchanged. */
type SharedFilter = Pick<
  RecordFilter,
  | 'service'
  | 'method'
  | 'direction'
  | 'urlPrefix'
  | 'statusCode'
  | 'requestId'
  | 'key'
  | 'remoteId'
  | 'from'
  | 'to'
  | 'cursor'
  | 'limit'
>

/** What to search for; all given conditions must hold. */
export interface IntegrationFilter extends SharedFilter {
  /** A list matches any of its statuses. */
  readonly status?: IntegrationStatus | readonly IntegrationStatus[]
  /** Leaves these statuses out. */
  readonly statusNot?: IntegrationStatus | readonly IntegrationStatus[]
  /** Who made the request within which the call was made. */
  readonly owner?: string
  readonly reference?: Partial<Reference>
  /**
   * Text that `METHOD url -> status` contains; with the store's option `searchBodies` also words that `data`, `output` and `error`
   * contain, all of them. Without `from` the last 7 days are searched.
   */
  readonly text?: string
}

/** One page of records, newest first. */
export interface IntegrationPage {
  readonly items: readonly IntegrationRecord[]
  /** Given when there are more. */
  readonly nextCursor?: string
  /** How many records of this process could not be stored in time and were not searched; absent for none. */
  readonly waiting?: number
}
