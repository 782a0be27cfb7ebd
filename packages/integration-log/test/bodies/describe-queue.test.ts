import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { DescribeQueue } from '../../src/bodies/describe-queue.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function addTo(queue: DescribeQueue, done: string[], ...names: string[]): void {
  for (const name of names) queue.add({ bytes: 1, run: () => void done.push(name) })
}

it('calls wait for others, and are then described in their order', async () => {
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

it('many calls wait for no more', async () => {
  const queue = new DescribeQueue()
  queue.gather(60_000)
  const done: string[] = []
  const names = Array.from({ length: 64 }, (_none, number) => String(number))
  addTo(queue, done, ...names)
  await vi.advanceTimersByTimeAsync(0)
  expect(done).toEqual(names)
  expect(vi.getTimerCount()).toBe(0)
})

it('whoever waits for all of them does not wait for more to come', async () => {
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

it('what waits is described at once when the process ends, and not again', async () => {
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

it('whoever waits for those that are there waits for none that come later', async () => {
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

it('bodies of exactly the limit have room, and not a byte more', () => {
  const queue = new DescribeQueue()
  expect(queue.hasRoom(33_554_432)).toBe(true)
  expect(queue.hasRoom(33_554_433)).toBe(false)
})
