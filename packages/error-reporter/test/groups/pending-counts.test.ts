import { expect, it } from 'vitest'
import { PendingCounts } from '../../src/groups/pending-counts.js'

it('what the store has not taken waits again, from its first to its last occurrence', () => {
  const pending = new PendingCounts(10)
  pending.add('a', 10, 'fatal')
  const first = pending.takeAll()
  pending.add('a', 20, 'fatal')
  const second = pending.takeAll()
  // Two calls of the store that fail one after the other.
  for (const sighting of [...first, ...second]) pending.putBack(sighting)
  const times = { firstSeenAt: 10, lastSeenAt: 20 }
  expect(pending.takeAll()).toEqual([
    { fingerprint: 'a', occurrences: 2, ...times, canReport: false, kind: 'fatal' },
  ])
})

it('the first time is the earliest one, in whatever order calls of the store fail', () => {
  const pending = new PendingCounts(10)
  pending.add('a', 10, 'fatal')
  const first = pending.takeAll()
  pending.add('a', 20, 'fatal')
  const second = pending.takeAll()
  for (const sighting of [...second, ...first]) pending.putBack(sighting)
  const taken = pending.takeAll()
  expect(taken).toMatchObject([{ occurrences: 2, firstSeenAt: 10, lastSeenAt: 20 }])
})

it('the first time is that of what waits, when what was earlier has been sent again', () => {
  const pending = new PendingCounts(10)
  pending.add('a', 10, 'fatal')
  const first = pending.takeAll()
  pending.add('a', 20, 'fatal')
  const second = pending.takeAll()
  for (const sighting of first) pending.putBack(sighting)
  pending.takeAll()
  for (const sighting of second) pending.putBack(sighting)
  expect(pending.takeAll()).toMatchObject([{ occurrences: 1, firstSeenAt: 20 }])
})

it('the times of what waits are those of what waits, whatever was taken before', () => {
  const pending = new PendingCounts(10)
  pending.add('a', 10, 'fatal')
  const [failed] = pending.takeAll()
  for (const nowMs of [20, 30]) pending.add('a', nowMs, 'fatal')
  expect(pending.takeAll()).toMatchObject([{ occurrences: 2, firstSeenAt: 20, lastSeenAt: 30 }])
  if (failed !== undefined) pending.putBack(failed)
  expect(pending.takeAll()).toMatchObject([{ occurrences: 1, firstSeenAt: 10 }])
})

it('what was sent is pending until it is acknowledged, also when something sent later is not', () => {
  const pending = new PendingCounts(10)
  pending.add('a', 10, 'fatal')
  const [first] = pending.takeAll()
  pending.add('a', 20, 'fatal')
  pending.takeAll()
  if (first !== undefined) pending.acknowledge(first)
  expect(pending.pendingOf('a')).toBe(1)
})

it('a question is open until it is answered', () => {
  const pending = new PendingCounts(10)
  pending.add('a', 10, 'fatal')
  const question = pending.takeForReport('a', 'fatal')
  pending.add('a', 11, 'fatal')
  expect(pending.isAsking('a')).toBe(true)
  pending.acknowledge(question)
  expect(pending.isAsking('a')).toBe(false)
})

it('groups are bounded: the oldest one is dropped', () => {
  const pending = new PendingCounts(2)
  for (const name of ['a', 'b', 'c']) pending.add(name, 10, 'fatal')
  expect(pending.takeAll().map(({ fingerprint }) => fingerprint)).toEqual(['b', 'c'])
})

it('a group whose counts are all acknowledged takes no room', () => {
  const isGone = (finish: (pending: PendingCounts) => void): boolean => {
    const pending = new PendingCounts(2)
    pending.add('other', 10, 'fatal')
    pending.takeForReport('other', 'fatal')
    pending.add('a', 10, 'fatal')
    finish(pending)
    pending.add('new', 10, 'fatal')
    // With three groups the oldest would have been dropped.
    return pending.pendingOf('other') === 1
  }
  expect(isGone(() => undefined)).toBe(false)
  expect(isGone((pending) => pending.acknowledge(pending.takeForReport('a', 'fatal')))).toBe(true)
  const acknowledgeAll = (pending: PendingCounts): void => {
    for (const sighting of pending.takeAll()) pending.acknowledge(sighting)
  }
  expect(isGone(acknowledgeAll)).toBe(true)
})

it('a group that still waits, was sent or is asked about stays until that is over', () => {
  const pending = new PendingCounts(10)
  pending.add('a', 10, 'fatal')
  const [sent] = pending.takeAll()
  const question = pending.takeForReport('a', 'fatal')
  if (sent === undefined) throw new Error('nothing was taken')
  pending.acknowledge(sent)
  expect([pending.isAsking('a'), pending.pendingOf('a')]).toEqual([true, 0])
  pending.add('a', 20, 'fatal')
  pending.acknowledge(question)
  expect([pending.isAsking('a'), pending.pendingOf('a')]).toEqual([false, 1])
  const [last] = pending.takeAll()
  expect(pending.pendingOf('a')).toBe(1)
  if (last !== undefined) pending.acknowledge(last)
  expect(pending.pendingOf('a')).toBe(0)
})

it('two questions about one group are open until both are answered', () => {
  const pending = new PendingCounts(10)
  const questions = [10, 20].map((nowMs) => {
    pending.add('a', nowMs, 'fatal')
    return pending.takeForReport('a', 'fatal')
  })
  expect(questions.map(({ canReport, occurrences }) => [canReport, occurrences])).toEqual([
    [true, 1],
    [true, 1],
  ])
  const open = questions.map((question) => {
    pending.acknowledge(question)
    return pending.isAsking('a')
  })
  expect(open).toEqual([true, false])
})

it('only what waits is taken, and is waited for', () => {
  const pending = new PendingCounts(10)
  expect([pending.hasWaiting(), pending.isAsking('a'), pending.pendingOf('a')]).toEqual([
    false,
    false,
    0,
  ])
  pending.add('a', 10, 'fatal')
  expect(pending.hasWaiting()).toBe(true)
  const [sent] = pending.takeAll()
  expect([pending.hasWaiting(), pending.takeAll()]).toEqual([false, []])
  if (sent !== undefined) pending.putBack(sent)
  expect(pending.hasWaiting()).toBe(true)
})

it('the answer about a group that was dropped meanwhile changes nothing', () => {
  const pending = new PendingCounts(1)
  pending.add('a', 10, 'fatal')
  const [first] = pending.takeAll()
  pending.add('b', 20, 'fatal')
  if (first !== undefined) {
    pending.putBack(first)
    pending.acknowledge(first)
  }
  expect(pending.takeAll().map(({ fingerprint }) => fingerprint)).toEqual(['b'])
})
