import assert from 'node:assert/strict'
import {
  createRecordId,
  type FoundRecord,
  type RecordFilter,
  type RecordKind,
  type StoreRecord,
} from '@fastify-scs/core/kit'
import type { CheckedAdapter } from '../checked-adapter.js'
import type { StoreAdapter, StoreSetup, UnkeptRecord } from '../port.js'

/** One store to test. */
export interface ContractSubject {
  /** A store that holds nothing and is not open yet. */
  readonly adapter: StoreAdapter
  /** Makes another adapter over the same data, as the next start of the process does; absent when nothing outlives it. */
  readonly reopen?: () => StoreAdapter
  /**
   * Makes an adapter over a place where there is no store: no file, or a database without a schema. The contract checks that opening it
   * for reading leaves nothing there. Absent for a store that is always new.
   */
  readonly absent?: () => StoreAdapter
  /** A read of this adapter, which is open, that lasts for seconds unless it is ended; absent where no read is ended. */
  readonly slowRead?: (adapter: StoreAdapter) => Promise<unknown>
  /** Removes what the test left behind. */
  readonly dispose?: () => void | Promise<void>
}

/** Makes a store for each test. */
export type MakeSubject = () => ContractSubject | Promise<ContractSubject>

/** One requirement of the contract. */
export interface Requirement {
  /** What holds, as a sentence. */
  readonly name: string
  /** Whether it is about the bodies, which not every store looks through. @default false */
  readonly needsBodies?: boolean
  /** How the store is opened. */
  readonly setup?: Partial<StoreSetup>
  readonly check: (subject: OpenSubject) => Promise<void>
}

/** A subject whose adapter is open. */
export interface OpenSubject {
  /** The adapter as a store calls it. */
  readonly store: CheckedAdapter
  /** As the subject's; not open yet. */
  readonly reopen: ((setup?: Partial<StoreSetup>) => CheckedAdapter) | undefined
  readonly absent: ((setup?: Partial<StoreSetup>) => CheckedAdapter) | undefined
  readonly slowRead: (() => Promise<unknown>) | undefined
}

/** Noon of a day, in milliseconds since 1970: the time from which sample records count. */
export const NOON: number = Date.UTC(2026, 0, 15, 12)

/** A record with an id of its own; whatever is given replaces what it has. */
export function sample(given: Partial<StoreRecord> = {}): StoreRecord {
  const createdAt = given.createdAt ?? NOON
  return {
    kind: 'integration_requests',
    id: createRecordId(),
    createdAt,
    revision: 0,
    keys: {},
    data: {},
    importance: 'normal',
    ...given,
  }
}

/** Many records, a second apart. */
export function samples(
  count: number,
  given: (index: number) => Partial<StoreRecord>,
): StoreRecord[] {
  return Array.from({ length: count }, (_, index) =>
    sample({ createdAt: NOON + index * 1_000, ...given(index) }),
  )
}

/** Every record that a filter finds, page by page. */
export async function findAll(
  store: CheckedAdapter,
  kind: RecordKind,
  filter: RecordFilter = {},
): Promise<FoundRecord[]> {
  const found: FoundRecord[] = []
  let cursor: string | undefined
  do {
    const page = await store.find(kind, cursor === undefined ? filter : { ...filter, cursor })
    found.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return found
}

/** Asserts that a filter finds exactly these records, newest first. */
export async function assertFinds(
  store: CheckedAdapter,
  filter: RecordFilter,
  expected: readonly StoreRecord[],
): Promise<void> {
  const found = await findAll(store, 'integration_requests', filter)
  const newestFirst = [...expected].sort((one, other) => {
    return other.createdAt - one.createdAt || (other.id > one.id ? 1 : -1)
  })
  assert.deepEqual(
    found.map(({ id }) => id),
    newestFirst.map(({ id }) => id),
    `what ${JSON.stringify(filter)} finds`,
  )
}

/** Asserts that a call rejects with a code. */
export async function assertRejects(call: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(call, (error: unknown) => {
    assert.ok(error instanceof Error && 'code' in error, 'a coded error')
    assert.equal(error.code, code, error.message)
    return true
  })
}

/** Hands over versions, each with the revision that it is to replace. */
export function setVersions(
  store: CheckedAdapter,
  ...versions: readonly (readonly [record: StoreRecord, expected: number | undefined])[]
): Promise<readonly UnkeptRecord[]> {
  return store.compareAndSet(versions.map(([record, expected]) => ({ record, expected })))
}

/** A record as it is found: without what only its way into the store needs. */
export function asFound({ importance: _, sheddable: _fields, ...found }: StoreRecord): FoundRecord {
  return found
}
