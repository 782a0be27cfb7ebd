import {
  type ExpectedVersion,
  type FoundRow,
  type RecordKind,
  StoreUnavailableError,
  type UnkeptVersion,
} from '@fastify-scs/store/adapter'
import { ENGINE } from '../fault.js'
import type { StoredRow } from '../schema/columns.js'
import { storedRow } from './insert.js'
import { keyOf, type RecordKey, type WantedKey } from './record-keys.js'

/** A version that is to be stored, and what the database has answered about it. */
export interface Candidate {
  readonly kind: RecordKind
  readonly row: StoredRow
  readonly expected: number | undefined
  readonly key: WantedKey | undefined
  /** Whether there was no row, and one was made. */
  isMade: boolean
  /** The row that was stored. */
  there: RowState | undefined
  /** Why it is not stored; undefined if it is. */
  reason: UnkeptVersion['reason'] | undefined
  /** The id of the record that has its key. */
  holderId: string
  /** The row that is stored in its place. */
  found: FoundRow | undefined
}

/** What has to be known of a stored row. */
export type RowState = Pick<StoredRow, 'id' | 'revision' | 'service' | 'key'>

/** The record that has a key which a version asks for. */
export interface Holder {
  readonly key: RecordKey
  /** Whether that record is stored and has the key. */
  readonly isHeld: boolean
  /** Whether the key was free until now. */
  readonly isClaimed: boolean
}

/** @throws RecordRefusedError */
export function candidateOf(
  { record, expected }: ExpectedVersion,
  searchesBodies: boolean,
): Candidate {
  const { kind } = record
  const row = storedRow(record, searchesBodies)
  const untold = {
    isMade: false,
    there: undefined,
    reason: undefined,
    holderId: '',
    found: undefined,
  }
  return { kind, row, expected, key: keyOf(kind, row), ...untold }
}

/** Names a key among those of a call. */
export function nameOf({ kind, digest }: Pick<RecordKey, 'kind' | 'digest'>): string {
  return `${kind} ${digest}`
}

/** Decides which versions are stored, one after the other; returns the keys that their records get, by name. */
export function decide(
  candidates: readonly Candidate[],
  holders: ReadonlyMap<string, Holder>,
): ReadonlyMap<string, RecordKey> {
  const given = new Map<string, RecordKey>()
  for (const candidate of candidates) {
    candidate.reason = unexpected(candidate)
    const { key } = candidate
    if (candidate.reason !== undefined || key === undefined) continue
    const name = nameOf(key)
    const holder = holders.get(name)
    const owner = given.get(name) ?? (holder?.isHeld === true ? holder.key : undefined)
    if (owner === undefined || owner.id === key.id) given.set(name, key)
    else {
      candidate.reason = 'key'
      candidate.holderId = owner.id
    }
  }
  return given
}

function unexpected({ expected, isMade, there }: Candidate): 'gone' | 'revision' | undefined {
  if (isMade) return expected === undefined ? undefined : 'gone'
  return there?.revision === expected ? undefined : 'revision'
}

/** The answer for a version that was not stored; none for one that was. */
export function toldOf({ row: { id }, reason, holderId, found }: Candidate): UnkeptVersion[] {
  if (reason === undefined) return []
  if (reason === 'gone') return [{ reason, id }]
  if (reason === 'key') return [{ reason, id, holderId }]
  if (found === undefined)
    throw new StoreUnavailableError(ENGINE, `the row of ${id} cannot be read`)
  return [{ reason, id, found }]
}

/** Makes a row for a record that is not stored, to be removed again: a missing row cannot be locked in its turn. */
export function placeholderOf(id: string, createdAt: number): StoredRow {
  return { ...NOTHING, id, createdAt }
}

const NOTHING: Omit<StoredRow, 'id' | 'createdAt'> = {
  revision: 0,
  service: null,
  status: null,
  statusCode: null,
  fingerprint: null,
  level: null,
  requestId: null,
  key: null,
  remoteId: null,
  referenceType: null,
  referenceId: null,
  user: null,
  route: null,
  release: null,
  traceId: null,
  durationMs: null,
  summary: null,
  method: null,
  direction: null,
  url: null,
  searchText: null,
  stamps: null,
  data: '{}',
}
