import assert from 'node:assert/strict'
import type { GroupSighting, GroupState } from '@fastify-scs/core/kit'
import type { CheckedAdapter } from '../checked-adapter.js'
import type { FoundGroup, GroupChange, GroupFilter } from '../port.js'
import { NOON } from './subject.js'

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
/** The rules that groups are counted by. */
export const RULES = { growth: 2, quietMs: MINUTE_MS }

/** One occurrence of group `a`, which could be reported; whatever is given replaces what it has. */
export function sighting(given: Partial<GroupSighting> = {}): GroupSighting {
  return {
    fingerprint: 'a',
    occurrences: 1,
    firstSeenAt: NOON,
    lastSeenAt: NOON,
    canReport: true,
    ...given,
  }
}

/** When a sighting was. */
export function at(time: number): Pick<GroupSighting, 'firstSeenAt' | 'lastSeenAt'> {
  return { firstSeenAt: time, lastSeenAt: time }
}

/** Counts one sighting. */
export async function count(
  store: CheckedAdapter,
  given: Partial<GroupSighting> = {},
): Promise<GroupState> {
  const [state, ...others] = await store.countGroups([sighting(given)], RULES)
  assert.ok(state !== undefined && others.length === 0, 'one answer for one sighting')
  return state
}

/** Changes a group, which must succeed; what is not given is of its revision now. */
export async function change(
  store: CheckedAdapter,
  given: Partial<GroupChange>,
  fingerprint = 'a',
): Promise<void> {
  const { revision } = await groupOf(store, fingerprint)
  const changed = { expected: revision, by: 'ada', at: NOON, ...given }
  const { isChanged } = await store.changeGroup(fingerprint, changed)
  assert.ok(isChanged, `the change ${JSON.stringify(given)} is made`)
}

/** Asserts that a filter finds just these groups in this order, page by page. */
export async function assertGroups(
  store: CheckedAdapter,
  filter: GroupFilter,
  expected: readonly string[],
): Promise<void> {
  const found: string[] = []
  let cursor: string | undefined
  do {
    const page = await store.groups(cursor === undefined ? filter : { ...filter, cursor })
    found.push(...page.items.map(({ fingerprint }) => fingerprint))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  assert.deepEqual(found, expected, `what ${JSON.stringify(filter)} finds`)
}

/** The group as it is found. */
export async function groupOf(store: CheckedAdapter, fingerprint = 'a'): Promise<FoundGroup> {
  const { items } = await store.groups({ fingerprint })
  const [group, ...others] = items
  assert.ok(group !== undefined && others.length === 0, `one group ${fingerprint}`)
  return group
}
