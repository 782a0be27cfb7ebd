import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import { Fifo } from '../../src/queue/fifo.js'

function numbers(count: number, first = 0): number[] {
  return Array.from({ length: count }, (_, index) => first + index)
}

function filled(items: readonly number[]): Fifo<number> {
  const fifo = new Fifo<number>()
  for (const item of items) fifo.push(item)
  return fifo
}

function itemsOf(fifo: Fifo<number>): number[] {
  const items: number[] = []
  fifo.forEach((item) => void items.push(item))
  return items
}

describe('Fifo', () => {
  it('keeps the order, however many items were taken from its front', () => {
    const fifo = filled(numbers(5_000))
    const seen = numbers(5_000).map((index) => {
      const turn = [fifo.first(), fifo.at(1), fifo.shift()]
      fifo.push(5_000 + index)
      return [...turn, fifo.size]
    })
    expect(seen).toEqual(numbers(5_000).map((index) => [index, index + 1, index, 5_000]))
    expect(itemsOf(fifo)).toEqual(numbers(5_000, 5_000))
    expect([fifo.first(), fifo.last(), fifo.at(4_999)]).toEqual([5_000, 9_999, 9_999])
  })

  it('takes no memory for items that were taken', () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const fifo = filled(numbers(1_000))
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    for (let turn = 0; turn < 3_000_000; turn++) {
      fifo.shift()
      fifo.push(turn)
    }
    collectGarbage()
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(8_000_000)
    expect(fifo.size).toBe(1_000)
  })

  it.each([0, 3, 2_000])('puts items in front of all others, after %i were taken', (taken) => {
    const fifo = filled(numbers(3_000))
    for (let turn = 0; turn < taken; turn++) fifo.shift()
    fifo.prepend([-3, -2, -1])
    const expected = [-3, -2, -1, ...numbers(3_000 - taken, taken)]
    expect(itemsOf(fifo)).toEqual(expected)
    expect([fifo.size, fifo.first(), fifo.at(1)]).toEqual([expected.length, -3, -2])
    expect(numbers(expected.length).map(() => fifo.shift())).toEqual(expected)
    expect([fifo.size, fifo.shift(), fifo.first()]).toEqual([0, undefined, undefined])
  })

  it('takes items from its end as well, and is empty after the last', () => {
    const fifo = filled([1, 2, 3])
    expect([fifo.shift(), fifo.pop(), fifo.last(), fifo.pop()]).toEqual([1, 3, 2, 2])
    expect([fifo.size, fifo.pop(), fifo.last()]).toEqual([0, undefined, undefined])
    fifo.push(4)
    expect([fifo.size, fifo.first(), fifo.last()]).toEqual([1, 4, 4])
  })

  it('puts items into a queue that is empty, and gives them from its end', () => {
    const fifo = filled([])
    fifo.prepend([1, 2])
    expect([fifo.last(), fifo.pop(), fifo.pop(), fifo.size]).toEqual([2, 2, 1, 0])
  })

  it('copies items only to put more of them in front than were taken, and then not those that were taken', () => {
    const fifo = filled(numbers(3_000))
    expect(copiedBy(() => fifo.shift())).toBe(0)
    expect(copiedBy(() => fifo.prepend([-1]))).toBe(0)
    for (let turn = 0; turn < 1_000; turn++) fifo.shift()
    expect(copiedBy(() => fifo.prepend(numbers(1_001)))).toBe(2_000)
    expect(itemsOf(fifo)).toEqual([...numbers(1_001), ...numbers(2_000, 1_000)])
  })

  it('copies what is left when half of a long array is taken, so that each item is copied once at most', () => {
    const short = filled(numbers(1_023))
    expect(copiedBy(() => shiftAll(short, 1_023))).toBe(0)
    const long = filled(numbers(4_096))
    expect(copiedBy(() => shiftAll(long, 2_047))).toBe(0)
    expect(copiedBy(() => long.shift())).toBe(2_048)
    expect(copiedBy(() => shiftAll(long, 1_023))).toBe(0)
    expect(copiedBy(() => long.shift())).toBe(1_024)
    expect(itemsOf(long)).toEqual(numbers(1_024, 3_072))
  })
})

function shiftAll(fifo: Fifo<number>, count: number): void {
  for (let turn = 0; turn < count; turn++) fifo.shift()
}

/** How many items of arrays a call copies. */
function copiedBy(call: () => unknown): number {
  const slice = vi.spyOn(Array.prototype, 'slice')
  try {
    call()
    return slice.mock.results.reduce((sum, { value }) => sum + (value as unknown[]).length, 0)
  } finally {
    slice.mockRestore()
  }
}
