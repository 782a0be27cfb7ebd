import { expect, it } from 'vitest'
import { PendingCounts } from '../../src/groups/pending-counts.js'

it('what the store has not taken waits again, from its first to its last occurrence', () => {
  const pending = new PendingCounts(10)
  pending.add('a', 10)
  const first = pending.takeAll()
  pending.add('a', 20)
  const second = pending.takeAll()
  // Two calls of the store that fail one after the other.
  for (const sighting of [...first, ...second]) pending.putBack(sighting)
  const times = { firstSeenAt: 10, lastSeenAt: 20 }
  expect(pending.takeAll()).toEqual([
    { fingerprint: 'a', occurrences: 2, ...times, canReport: false },
  ])
})

it('the times of what waits are those of what waits, whatever was taken before', () => {
  const pending = new PendingCounts(10)
  pending.add('a', 10)
  const [failed] = pending.takeAll()
  for (const nowMs of [20, 30]) pending.add('a', nowMs)
  expect(pending.takeAll()).toMatchObject([{ occurrences: 2, firstSeenAt: 20, lastSeenAt: 30 }])
  if (failed !== undefined) pending.putBack(failed)
  expect(pending.takeAll()).toMatchObject([{ occurrences: 1, firstSeenAt: 10 }])
})

it('what was sent is pending until it is acknowledged, also when something sent later is not', () => {
  const pending = new PendingCounts(10)
  pending.add('a', 10)
  const [first] = pending.takeAll()
  pending.add('a', 20)
  pending.takeAll()
  if (first !== undefined) pending.acknowledge(first)
  expect(pending.pendingOf('a')).toBe(1)
})

it('a question is open until it is answered', () => {
  const pending = new PendingCounts(10)
  pending.add('a', 10)
  const question = pending.takeForReport('a')
  pending.add('a', 11)
  expect(pending.isAsking('a')).toBe(true)
  pending.acknowledge(question)
  expect(pending.isAsking('a')).toBe(false)
})

it('groups are bounded: the oldest one is dropped', () => {
  const pending = new PendingCounts(2)
  for (const name of ['a', 'b', 'c']) pending.add(name, 10)
  expect(pending.takeAll().map(({ fingerprint }) => fingerprint)).toEqual(['b', 'c'])
})
