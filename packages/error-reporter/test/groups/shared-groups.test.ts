import type { GroupState, StoreCounter } from '@fastify-scs/core/kit'
import { expect, it, onTestFinished, vi } from 'vitest'
import { GroupTable } from '../../src/groups/group-table.js'
import { MAX_KEPT } from '../../src/groups/kept-reports.js'
import type { Seen } from '../../src/groups/seen.js'
import { SEND_EVERY_MS, SharedGroups } from '../../src/groups/shared-groups.js'

const START = 1_800_000_000_000
const options = {
  growth: 2,
  quietMs: 3_600_000,
  maxCallsPerMinute: false,
  maxGroups: 1_000,
  storeTimeoutMs: 1_000,
  findUser: () => null,
} as const

function shared(countGroups: StoreCounter['countGroups']): SharedGroups {
  const store = { countGroups, noteRelease: async () => undefined }
  return new SharedGroups(new GroupTable(options), store, options, () => undefined)
}

function seen(fingerprint: string, nowMs: number): Seen {
  return { fingerprint, nowMs, kind: 'fatal', request: undefined }
}

it('a store that hangs is not sent more and more counts', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const countGroups = vi.fn(() => new Promise<readonly GroupState[]>(() => undefined))
  const groups = shared(countGroups)
  for (let second = 0; second < 400; second++) {
    for (let at = 0; at < 3; at++) groups.count(seen('a', START + second))
    await vi.advanceTimersByTimeAsync(SEND_EVERY_MS)
  }
  expect(countGroups.mock.calls.length).toBeGreaterThan(50)
  expect(countGroups.mock.calls.length).toBeLessThanOrEqual(100)
})

it('nothing is sent after the end', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const groups = shared(async () => [])
  await groups.close()
  for (let at = 0; at < 3; at++) groups.count(seen('a', START))
  expect(vi.getTimerCount()).toBe(0)
})

it('counts that wait to be sent keep no process alive', () => {
  const spy = vi.spyOn(globalThis, 'setTimeout')
  onTestFinished(() => void vi.restoreAllMocks())
  const groups = shared(async () => [])
  for (let at = 0; at < 3; at++) groups.count(seen('a', START))
  const timers = spy.mock.results.map(({ value }) => value as NodeJS.Timeout)
  expect(timers.map((timer) => timer.hasRef())).toEqual([false])
  for (const timer of timers) clearTimeout(timer)
})

it('32 occurrences at most are kept to be reported later, also while a store hangs or fails', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  let isHanging = true
  const groups = shared(async () => {
    if (isHanging) return new Promise(() => undefined)
    throw new Error('down')
  })
  let kept = 0
  const keepAll = (): void => {
    for (let at = 0; at < 50; at++) {
      const { keep } = groups.count(seen(`g${at}`, START))
      if (keep !== undefined) kept++
      keep?.({ title: () => 'title', send: () => undefined })
    }
  }
  for (let second = 0; second < 10; second++) {
    isHanging = second < 5
    keepAll()
    await vi.advanceTimersByTimeAsync(2 * SEND_EVERY_MS)
  }
  expect(kept).toBe(MAX_KEPT)
})
