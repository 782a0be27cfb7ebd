import { fileURLToPath } from 'node:url'
import type { Redactor } from '@fastify-scs/core'
import type { FastifyBaseLogger } from 'fastify'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { CodeReader, WAIT_MS } from '../../src/code/code-reader.js'
import {
  CodeThread,
  IDLE_MS,
  MAX_REST_MS,
  REST_MS,
  STALLED_MS,
} from '../../src/code/code-thread.js'
import { codeWorkerUrl } from '../../src/code/code-worker-url.js'

const file = fileURLToPath(import.meta.url)
const question = { places: [{ file, line: 1, column: 1 }], areMapped: false }
const failures: unknown[] = []
let thread: CodeThread

function threadOf(module?: string): CodeThread {
  const given = module && fileURLToPath(new URL(`../programs/${module}`, import.meta.url))
  const url = codeWorkerUrl(given)
  if (url === undefined) throw new Error('tsc -b has not run')
  const start = { root: fileURLToPath(new URL('.', import.meta.url)), startedAtMs: Date.now() }
  return new CodeThread(url, start, (error) => failures.push(error))
}

beforeEach(() => {
  failures.length = 0
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})

afterEach(async () => {
  await thread.close()
  vi.useRealTimers()
})

it('starts with the first question, and ends when it is idle', async () => {
  thread = threadOf()
  expect(thread.isRunning).toBe(false)
  expect(await thread.ask(question)).toMatchObject([{ file: 'code-thread.test.ts', line: 1 }])
  vi.advanceTimersByTime(IDLE_MS - 1)
  expect(thread.isRunning).toBe(true)
  vi.advanceTimersByTime(1)
  expect(thread.isRunning).toBe(false)
  expect(await thread.ask(question)).toHaveLength(1)
  expect(failures).toEqual([])
})

it('ends when it does not answer, and another one is started after a rest', async () => {
  thread = threadOf('silent-worker.mjs')
  const asked = thread.ask(question)
  vi.advanceTimersByTime(STALLED_MS)
  expect(await asked).toBeUndefined()
  expect(failures).toMatchObject([{ message: 'it has not answered for 5000 ms' }])
  expect(await thread.ask(question)).toBeUndefined()
  expect(thread.isRunning).toBe(false)
  vi.advanceTimersByTime(REST_MS)
  void thread.ask(question)
  expect([thread.isRunning, thread.waiting]).toEqual([true, 1])
})

it('answers nothing when it is closed', async () => {
  thread = threadOf('silent-worker.mjs')
  const asked = thread.ask(question)
  await thread.close()
  expect(await asked).toBeUndefined()
  expect(await thread.ask(question)).toBeUndefined()
  expect(failures).toEqual([])
})

it('that fails again and again is started ever more seldom', async () => {
  thread = threadOf('silent-worker.mjs')
  const fail = async (): Promise<void> => {
    const asked = thread.ask(question)
    expect(thread.isRunning).toBe(true)
    vi.advanceTimersByTime(STALLED_MS)
    expect(await asked).toBeUndefined()
  }
  await fail()
  for (const restMs of [REST_MS, 2 * REST_MS, 4 * REST_MS]) {
    vi.advanceTimersByTime(restMs - 1)
    expect(await thread.ask(question)).toBeUndefined()
    expect(thread.isRunning).toBe(false)
    vi.advanceTimersByTime(1)
    await fail()
  }
  vi.advanceTimersByTime(2 * MAX_REST_MS)
  await fail()
  vi.advanceTimersByTime(REST_MS)
  await fail()
})

it('fails alone when it runs out of memory', async () => {
  vi.useRealTimers()
  thread = threadOf('greedy-worker.mjs')
  expect(await thread.ask(question)).toBeUndefined()
  expect(failures).toMatchObject([{ code: 'ERR_WORKER_OUT_OF_MEMORY' }])
}, 60_000)

it('takes what was answered while the event loop was blocked', async () => {
  thread = threadOf()
  await thread.ask(question)
  const asked = thread.ask(question)
  block(300)
  // The timers that are due come before the answer.
  vi.advanceTimersByTime(STALLED_MS)
  expect(await asked).toHaveLength(1)
  expect(failures).toEqual([])
})

it('a report waits for what was answered while the event loop was blocked', async () => {
  thread = threadOf()
  const root = fileURLToPath(new URL('.', import.meta.url))
  const lines: unknown[] = []
  const reader = new CodeReader({
    roots: [root, root],
    workerUrl: codeWorkerUrl(undefined),
    redactor: { text: (text: string) => text } as Redactor,
    log: { warn: (line: unknown) => lines.push(line) } as unknown as FastifyBaseLogger,
  })
  const frames = [{ frame: 'at one', key: 'one', place: { file, line: 1, column: 1 } }]
  const other = [{ frame: 'at two', key: 'two', place: { file, line: 2, column: 1 } }]
  await reader.read(frames)
  const read = reader.read(other)
  block(300)
  vi.advanceTimersByTime(WAIT_MS)
  expect(await read).toMatchObject([{ line: 2 }])
  expect(lines).toEqual([])
  await reader.close()
})

/** Holds the event loop, for milliseconds. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
