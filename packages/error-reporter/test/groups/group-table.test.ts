import type { GroupState } from '@fastify-scs/core/kit'
import { expect, it } from 'vitest'
import { type GroupLimits, GroupTable } from '../../src/groups/group-table.js'

const START = 1_800_000_000_000
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
  table.catchUp('a', { fingerprint: 'a', ...times, ...counts, isDue: false }, 1, false)
  expect(table.count('a', START)).toMatchObject({ isDue: true, group: { suppressed: 3 } })
})

it('a clock that is set back does not make a group that was seen just now the first to be forgotten', () => {
  const table = new GroupTable({ ...limits, maxGroups: 2 })
  for (const name of ['a', 'b']) table.count(name, START)
  table.count('a', START - 86_400_000)
  table.count('c', START - 86_400_000)
  expect(table.count('a', START - 86_400_000).group.occurrences).toBe(3)
})
