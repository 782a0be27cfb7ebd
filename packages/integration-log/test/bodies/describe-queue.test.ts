import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { DescribeQueue } from '../../src/bodies/describe-queue.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function addTo(queue: DescribeQueue, done: string[], ...names: string[]): void {
  for (const name of names) queue.add({ bytes: 1, run: () => void done.push(name) })
}

it('calls are gathered, then described in order', async () => {
  const queue = new DescribeQueue()
  queue.gather(10)
  const done: string[] = []
  addTo(queue, done, 'a')
  await vi.advanceTimersByTimeAsync(9)
  addTo(queue, done, 'b')
  expect(done).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  await vi.advanceTimersToNextTimerAsync()
  expect(done).toEqual(['a', 'b'])
  expect(vi.getTimerCount()).toBe(0)
})

it('many calls are described without waiting for more', async () => {
  const queue = new DescribeQueue()
  queue.gather(60_000)
  const done: string[] = []
  const names = Array.from({ length: 64 }, (_none, number) => String(number))
  addTo(queue, done, ...names)
  await vi.advanceTimersByTimeAsync(0)
  expect(done).toEqual(names)
  expect(vi.getTimerCount()).toBe(0)
})

it('waiting for all of them does not wait for the timer', async () => {
  const queue = new DescribeQueue()
  queue.gather(60_000)
  const done: string[] = []
  addTo(queue, done, 'a')
  let unpack = (): void => undefined
  const ready = new Promise<void>((resolve) => {
    unpack = resolve
  })
  queue.add({ bytes: 1, ready, run: () => void done.push('unpacked') })
  const drained = queue.drained()
  await vi.advanceTimersByTimeAsync(0)
  expect(done).toEqual(['a'])
  unpack()
  await vi.advanceTimersByTimeAsync(0)
  await drained
  expect(done).toEqual(['a', 'unpacked'])
})

it('what waits is described when the process ends, once', async () => {
  const queue = new DescribeQueue()
  queue.gather(10)
  const done: string[] = []
  addTo(queue, done, 'a', 'b')
  queue.drainNow()
  expect(done).toEqual(['a', 'b'])
  await vi.advanceTimersByTimeAsync(20)
  expect(done).toEqual(['a', 'b'])
  await queue.drained()
})

it('waiting for those that are there does not wait for later ones', async () => {
  const queue = new DescribeQueue()
  queue.gather(60_000)
  const done: string[] = []
  const never = new Promise<void>(() => undefined)
  addTo(queue, done, 'a', 'b')
  const passed = queue.passed()
  expect(passed.left()).toBe(2)
  queue.add({ bytes: 1, ready: never, run: () => void done.push('never') })
  await vi.advanceTimersByTimeAsync(0)
  await passed.done
  expect([done, passed.left()]).toEqual([['a', 'b'], 0])
  expect(queue.passed().left()).toBe(1)
  expect(new DescribeQueue().passed().left()).toBe(0)
})

it('bodies up to exactly the limit fit', () => {
  const queue = new DescribeQueue()
  expect(queue.hasRoom(33_554_432)).toBe(true)
  expect(queue.hasRoom(33_554_433)).toBe(false)
})
