import {
  type FieldStamps,
  type FoundRecord,
  RECORD_KINDS,
  type RecordKeys,
  type RecordKind,
  type StoreRecord,
} from '@fastify-scs/core/kit/plain'
import { RecordRefusedError } from '../errors.js'
import { SUMMARY_MAX_CHARS, storableJson, storableText } from './text.js'

/** A record as a row: what every database stores of it, in the same form. */
export interface RecordRow {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly revision: number
  readonly service: string | null
  readonly status: string | null
  readonly statusCode: number | null
  readonly fingerprint: string | null
  readonly level: string | null
  readonly requestId: string | null
  readonly key: string | null
  readonly remoteId: string | null
  readonly referenceType: string | null
  readonly referenceId: string | null
  readonly user: string | null
  readonly route: string | null
  readonly release: string | null
  readonly traceId: string | null
  readonly durationMs: number | null
  readonly summary: string | null
  /** `method` of the data in upper case, where it has one. */
  readonly method: string | null
  /** `out` or `in`, from `isRemoteRequest` of the data, where it has one. */
  readonly direction: string | null
  /** The beginning of `url` of the data, where it has one. */
  readonly url: string | null
  /** The summary in lower case, in which `text` is searched: by JavaScript's rules, so that every database finds the same. */
  readonly searchText: string | null
  /** JSON text. */
  readonly data: string
  /** JSON text of the stamps; null for a record that was never changed. */
  readonly stamps: string | null
}

/** A row as it is read back: without what only searching needs. */
export type FoundRow = Omit<RecordRow, DerivedField>

/** What only searching needs; the data has it too. */
type DerivedField = 'searchText' | 'method' | 'direction' | 'url'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const MAX_COUNT = 2_147_483_647

/** Whether something is the id of a record: a UUID in lower case. */
export function isRecordId(id: unknown): id is string {
  return typeof id === 'string' && UUID.test(id)
}

/**
 * Makes the row of a record.
 *
 * @throws RecordRefusedError when the record says something that no store keeps
 */
export function toRow(engine: string, record: StoreRecord): RecordRow {
  const refuse = (reason: string, cause?: unknown) =>
    new RecordRefusedError(engine, reason, { cause })
  const { id, createdAt, revision, keys, data, stamps } = record
  if (typeof keys !== 'object' || keys === null) throw refuse('its keys are not an object')
  if (!RECORD_KINDS.includes(record.kind)) throw refuse('its kind is unknown')
  if (!isRecordId(id)) throw refuse('its id is not a UUID in lower case')
  if (!Number.isSafeInteger(createdAt) || createdAt < 0) throw refuse('createdAt is not a time')
  if (!isCount(revision)) throw refuse('its revision is not a whole number from 0')
  const text = (name: keyof RecordKeys, maxChars?: number): string | null => {
    const value: unknown = keys[name] ?? null
    if (value === null) return null
    if (typeof value !== 'string') throw refuse(`keys.${name} is not a text`)
    return storableText(value, maxChars)
  }
  const statusCode = keys.statusCode ?? null
  if (statusCode !== null && !isCount(statusCode))
    throw refuse('keys.statusCode is not a whole number')
  const durationMs = keys.durationMs ?? null
  if (durationMs !== null && !Number.isFinite(durationMs))
    throw refuse('keys.durationMs is not a number')
  const summary = text('summary', SUMMARY_MAX_CHARS)
  // Read from the data: a second copy in the keys would cost each record on its way.
  const { method, url, isRemoteRequest } = (data ?? {}) as Readonly<Record<string, unknown>>
  return {
    id,
    createdAt,
    revision,
    service: text('service'),
    status: text('status'),
    statusCode,
    fingerprint: text('fingerprint'),
    level: text('level'),
    requestId: text('requestId'),
    key: text('key'),
    remoteId: text('remoteId'),
    referenceType: text('referenceType'),
    referenceId: text('referenceId'),
    user: text('user'),
    route: text('route'),
    release: text('release'),
    traceId: text('traceId'),
    durationMs,
    summary,
    searchText: summary?.toLowerCase() ?? null,
    method: typeof method === 'string' ? storableText(method).toUpperCase() : null,
    direction: typeof isRemoteRequest === 'boolean' ? (isRemoteRequest ? 'out' : 'in') : null,
    url: typeof url === 'string' ? storableText(url) : null,
    data: jsonOf(data, refuse),
    stamps: stamps === undefined ? null : stampsOf(stamps, refuse),
  }
}

/** Makes the record of a row. */
export function fromRow(kind: RecordKind, row: FoundRow): FoundRecord {
  const { id, createdAt, revision, data, stamps, ...columns } = row
  const present = Object.entries(columns).filter(([, value]) => value !== null)
  return {
    id,
    kind,
    createdAt,
    revision,
    keys: Object.fromEntries(present) as RecordKeys,
    data: JSON.parse(data) as FoundRecord['data'],
    ...(stamps === null ? {} : { stamps: JSON.parse(stamps) as FieldStamps }),
  }
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_COUNT
}

function stampsOf(stamps: unknown, refuse: (reason: string) => Error): string {
  if (typeof stamps !== 'object' || stamps === null) throw refuse('its stamps are not an object')
  for (const stamp of Object.values(stamps)) {
    if (!Number.isFinite(stamp)) throw refuse('a stamp is not a number')
  }
  return storableJson(stamps)
}

function jsonOf(data: unknown, refuse: (reason: string, cause?: unknown) => Error): string {
  if (typeof data !== 'object' || data === null) throw refuse('its data is not an object')
  try {
    return storableJson(data)
  } catch (error) {
    throw refuse('its data is not JSON', error)
  }
}
