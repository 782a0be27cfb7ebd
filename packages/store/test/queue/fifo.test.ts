import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
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
    for (const taken of numbers(5_000)) {
      expect(fifo.first()).toBe(taken)
      expect(fifo.at(1)).toBe(taken === 4_999 ? 5_000 : taken + 1)
      expect(fifo.shift()).toBe(taken)
      fifo.push(5_000 + taken)
      expect(fifo.size).toBe(5_000)
    }
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
})
