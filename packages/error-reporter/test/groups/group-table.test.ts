import type { GroupState } from '@fastify-scs/core/kit'
import { expect, it } from 'vitest'
import { type GroupLimits, GroupTable } from '../../src/groups/group-table.js'

const START = 1_800_000_000_000
const OPEN = { status: 'open', isRegression: false } as const
const limits: GroupLimits = {
  growth: 2,
  quietMs: 3_600_000,
  maxCallsPerMinute: 60,
  maxGroups: 1_000,
}

it('a withdrawn report counts as suppressed, and the next one says again what was held back', () => {
  const table = new GroupTable({ ...limits, maxCallsPerMinute: 1 })
  expect(table.count('a', START).isDue).toBe(true)
  expect(table.count('b', START).isDue).toBe(false)
  const withdrawn = table.count('c', START + 60_000)
  expect(withdrawn).toMatchObject({ isDue: true, heldBack: 1 })
  table.withdraw(withdrawn)
  expect(table.stats().suppressed).toBe(2)
  expect(table.count('d', START + 60_000)).toMatchObject({ isDue: true, heldBack: 1 })
})

it('a group that catches up has what all instances have seen, and its own occurrences that they do not know', () => {
  const table = new GroupTable({ ...limits, quietMs: 1_000 })
  table.count('a', START)
  const state: GroupState = {
    fingerprint: 'a',
    firstSeenAt: START - 10,
    lastSeenAt: START - 5,
    occurrences: 5,
    streak: 5,
    dueAt: 8,
    suppressed: 2,
    isDue: false,
    status: 'open',
    isRegression: false,
  }
  table.catchUp('a', state, 1, false)
  // Less than quietMs after this instance has seen it last: the streak goes on.
  const seen = [START + 996, START + 997].map((nowMs) => {
    const { isDue, group } = table.count('a', nowMs)
    return { isDue, occurrences: group.occurrences, first: group.firstSeenMs }
  })
  expect(seen).toEqual([
    { isDue: false, occurrences: 7, first: START - 10 },
    { isDue: true, occurrences: 8, first: START - 10 },
  ])
})

it('a report after catching up counts the suppressed occurrences of all instances', () => {
  const table = new GroupTable(limits)
  table.count('a', START)
  const times = { firstSeenAt: START, lastSeenAt: START }
  const counts = { occurrences: 5, streak: 5, dueAt: 7, suppressed: 2 }
  table.catchUp('a', { fingerprint: 'a', ...times, ...counts, isDue: false, ...OPEN }, 1, false)
  expect(table.count('a', START)).toMatchObject({ isDue: true, group: { suppressed: 3 } })
})

it('a clock that is set back does not make a group that was seen just now the first to be forgotten', () => {
  const table = new GroupTable({ ...limits, maxGroups: 2 })
  for (const name of ['a', 'b']) table.count(name, START)
  table.count('a', START - 86_400_000)
  table.count('c', START - 86_400_000)
  expect(table.count('a', START - 86_400_000).group.occurrences).toBe(3)
})

const SEEN: GroupState = {
  fingerprint: 'a',
  firstSeenAt: START,
  lastSeenAt: START,
  occurrences: 5,
  streak: 5,
  dueAt: 8,
  suppressed: 2,
  isDue: false,
  status: 'open',
  isRegression: false,
}

it('a group that was forgotten does not catch up', () => {
  const table = new GroupTable(limits)
  table.catchUp('a', SEEN, 0, false)
  expect(table.stats().groups).toBe(0)
})

it('a group that catches up was last seen when any instance saw it last', () => {
  const table = new GroupTable({ ...limits, quietMs: 1_000 })
  table.count('a', START)
  table.catchUp('a', { ...SEEN, lastSeenAt: START + 500 }, 0, false)
  // The streak goes on: less than quietMs after another instance has seen it.
  expect([1_499, 1_499, 1_499].map((ms) => table.count('a', START + ms).isDue)).toEqual([
    false,
    false,
    true,
  ])
})

it('the next report does not become due sooner while the store is asked about another one', () => {
  const dueAfter = (isAsking: boolean): number => {
    const table = new GroupTable(limits)
    for (let at = 0; at < 8; at++) table.count('a', START)
    // Due at the 16th here, at the 8th by the store.
    table.catchUp('a', { ...SEEN, occurrences: 8, streak: 8, dueAt: 10 }, 0, isAsking)
    let at = 9
    while (!table.count('a', START).isDue) at++
    return at
  }
  expect([dueAfter(false), dueAfter(true)]).toEqual([10, 16])
})

it('a withdrawn report makes room for another one, whichever place it had', () => {
  const table = new GroupTable({ ...limits, maxCallsPerMinute: 3 })
  const due = (name: string): boolean => table.count(name, START).isDue
  expect(['a', 'b'].map(due)).toEqual([true, true])
  for (const name of ['c', 'd', 'e']) table.withdraw(table.count(name, START))
  expect(['f', 'g'].map(due)).toEqual([true, false])
  const unlimited = new GroupTable({ ...limits, maxCallsPerMinute: false })
  unlimited.withdraw(unlimited.count('a', START))
  expect(unlimited.stats().suppressed).toBe(1)
})

it('a group is moved to the end of those to be forgotten once a second', () => {
  const kept = (ms: number): boolean => {
    const table = new GroupTable({ ...limits, maxGroups: 2, maxCallsPerMinute: false })
    table.count('a', START)
    table.count('b', START)
    table.count('a', START + ms)
    table.count('c', START + ms)
    return table.count('a', START + ms).group.occurrences === 3
  }
  expect([kept(999), kept(1_000)]).toEqual([false, true])
})

it('a group that is moved often is moved a second after the last time', () => {
  const table = new GroupTable({ ...limits, maxGroups: 2, maxCallsPerMinute: false })
  table.count('a', START)
  table.count('a', START + 1_000)
  table.count('b', START + 1_000)
  // Not a second after it was moved, though more than one after it was first seen.
  table.count('a', START + 1_999)
  table.count('c', START + 1_999)
  expect(table.count('b', START + 1_999).group.occurrences).toBe(2)
})

it('a report shows its group as it was then, not as it becomes', () => {
  const table = new GroupTable(limits)
  const { group } = table.count('a', START)
  table.count('a', START + 1)
  expect(group).toMatchObject({ occurrences: 1, lastSeenMs: START })
})

it('a withdrawn report makes room for one, and the others count for their 60 seconds', () => {
  const table = new GroupTable({ ...limits, maxCallsPerMinute: 3 })
  const dueAt = (second: number): boolean =>
    table.count(`at ${second}`, START + second * 1_000).isDue
  expect([0, 10].map(dueAt)).toEqual([true, true])
  table.withdraw(table.count('withdrawn', START + 20_000))
  const seen = [25, 26, 60, 61, 70, 80, 85].map(dueAt)
  expect(seen).toEqual([true, false, true, false, true, false, true])
})
