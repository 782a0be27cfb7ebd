import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { HangLine } from '../../src/blocked/hang-file.js'
import { SharedState, type WatchdogMessage } from '../../src/blocked/protocol.js'
import type { Seen } from '../../src/blocked/stack-sampler.js'
import { Watchdog } from '../../src/blocked/watchdog.js'
import { frame } from './samples.js'

const TICK_MS = 100

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['hrtime', 'setTimeout', 'clearTimeout', 'Date'], now: 1_000_000 })
})

afterEach(() => {
  vi.useRealTimers()
})

const SEEN: Seen = { frames: [frame('work:1')], handler: null, look: null }

/** A watchdog with what it does; its main thread is played by the test. */
function build(take: (signal: AbortSignal) => Promise<Seen | undefined> = async () => SEEN) {
  const state = new SharedState(new SharedArrayBuffer(SharedState.bytes))
  state.limitMs = 1_000
  state.beat()
  const startedAt = Date.now()
  const sampledAt: number[] = []
  const lines: HangLine[] = []
  const told: WatchdogMessage[] = []
  let removed = 0
  const sampler = {
    take: (signal: AbortSignal) => {
      sampledAt.push(Date.now() - startedAt)
      return take(signal)
    },
  }
  const file = {
    write: (line: HangLine) => void lines.push(line),
    touch: () => undefined,
    remove: () => void removed++,
  }
  const watchdog = new Watchdog(state, sampler, file, (message) => void told.push(message))
  watchdog.start()
  const live = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += TICK_MS) {
      await vi.advanceTimersByTimeAsync(TICK_MS)
      state.beat()
    }
  }
  /** The main thread stands still. */
  const hang = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  return { state, sampledAt, lines, told, watchdog, live, hang, removed: () => removed }
}

it('a loop that lives is never looked at', async () => {
  const { live, sampledAt, told, lines } = build()
  await live(30_000)
  expect({ sampledAt, told, lines }).toEqual({ sampledAt: [], told: [], lines: [] })
})

it('a blocked loop is looked at after 0.5, 1, 2 and 4 seconds, and ever more rarely', async () => {
  const { hang, sampledAt, lines, told } = build()
  await hang(60_000)
  const rounded = sampledAt.map((at) => Math.floor(at / 100) * 100)
  expect(rounded).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000])
  // The first line, and one for each sample.
  expect(lines).toHaveLength(8)
  expect(told).toEqual([])
})

it('the block is told when the loop lives again, with its samples, and the file is removed', async () => {
  const { hang, live, state, told, lines, removed } = build()
  await hang(3_000)
  expect(lines[0]).toEqual({ since: 1_000_000, limitMs: 1_000 })
  expect(removed()).toBe(0)
  state.beat()
  await live(1_000)
  expect(told).toHaveLength(1)
  expect(told).toMatchObject([
    { what: 'block', block: { since: 1_000_000, samples: [SEEN, SEEN, SEEN] } },
  ])
  expect(told[0]).toHaveProperty('block.blockedMs', 3_000)
  expect(removed()).toBe(1)
  await hang(1_500)
  state.beat()
  await live(500)
  expect(told[1]).toHaveProperty('block.blockedMs', 1_500)
  expect(told[1]).toHaveProperty('block.samples.length', 2)
})

it('a shorter block is forgotten, and leaves no file', async () => {
  const { hang, live, state, sampledAt, told, lines } = build()
  await hang(900)
  state.beat()
  await live(2_000)
  expect(sampledAt).toHaveLength(1)
  expect({ told, lines }).toEqual({ told: [], lines: [] })
})

describe('while native code runs', () => {
  it('one stack is waited for, and is late', async () => {
    let resolve = (_seen: Seen): void => undefined
    const { hang, live, state, told, sampledAt } = build(
      () =>
        new Promise<Seen>((settle) => {
          resolve = settle
        }),
    )
    await hang(5_000)
    expect(sampledAt).toHaveLength(1)
    resolve(SEEN)
    await hang(10)
    state.beat()
    await live(500)
    expect(told).toMatchObject([{ block: { samples: [{ isLate: true, frames: SEEN.frames }] } }])
  })

  it('a stack that never comes is given up when the loop lives again', async () => {
    const { hang, live, state, told } = build(
      (signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(undefined))
        }),
    )
    await hang(2_000)
    state.beat()
    await live(500)
    expect(told).toMatchObject([{ what: 'block', block: { samples: [] } }])
    expect(state.hasSession).toBe(false)
  })
})

it('a process that was stopped was not blocked: its own thread was not there either', async () => {
  const { hang, live, state, told, sampledAt } = build()
  await live(1_000)
  const { bigint } = process.hrtime
  vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => bigint() + 5_000_000_000n)
  await hang(550)
  state.beat()
  await live(1_000)
  vi.restoreAllMocks()
  expect({ told, sampledAt: sampledAt.length < 2 }).toEqual({ told: [], sampledAt: true })
})

it('a main thread that a debugger has stopped is not blocked', async () => {
  const { hang, live, state, told, sampledAt } = build()
  state.isDebugged = true
  await hang(5_000)
  state.beat()
  await live(500)
  expect({ told, sampledAt }).toEqual({ told: [], sampledAt: [] })
  state.isDebugged = false
  await live(500)
  await hang(1_500)
  state.beat()
  await live(500)
  expect(told).toHaveLength(1)
})

it('a debugger that attaches to a process that hangs ends the looking', async () => {
  const look = { request: null, inFlight: [], isDebugged: true }
  const { hang, live, state, told, sampledAt } = build(async () => ({ ...SEEN, look }))
  await hang(5_000)
  state.beat()
  await live(500)
  expect(told).toEqual([])
  expect(sampledAt).toHaveLength(1)
})

it('a failure is told once a block, and the block all the same', async () => {
  const { hang, live, state, told } = build(async () => {
    throw new Error('no inspector')
  })
  await hang(20_000)
  state.beat()
  await live(500)
  expect(told).toMatchObject([
    { what: 'failure', text: 'no inspector' },
    { what: 'block', block: { samples: [] } },
  ])
})

it('a shorter limit holds at once', async () => {
  const { hang, live, state, sampledAt, watchdog } = build()
  await live(1_000)
  state.limitMs = 200
  watchdog.adjust()
  await hang(200)
  expect(sampledAt.length).toBeGreaterThan(0)
})

it('nothing happens any more once nobody watches', async () => {
  const { hang, state, sampledAt } = build()
  state.close()
  await hang(60_000)
  expect(sampledAt).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})
