import { expect, it } from 'vitest'
import { BoundedMap } from '../../src/kit/bounded-map.js'

it('the key that was set longest ago makes room for a new one', () => {
  const evicted: [number, string][] = []
  const map = new BoundedMap<string, number>(2, (value, key) => evicted.push([value, key]))
  map.set('a', 1).set('b', 2)
  map.set('a', 3)
  map.set('c', 4)
  expect([...map]).toEqual([
    ['a', 3],
    ['c', 4],
  ])
  expect(evicted).toEqual([[2, 'b']])
})

it('a key that is set again evicts nothing', () => {
  const map = new BoundedMap<string, number>(2)
  map.set('a', 1).set('b', 2).set('b', 3).set('a', 4)
  expect(map.size).toBe(2)
})
