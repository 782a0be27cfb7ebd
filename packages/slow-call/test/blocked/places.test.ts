import { expect, it } from 'vitest'
import { BlockedPlaces } from '../../src/blocked/places.js'

const HOUR_MS = 3_600_000

it('a place is reported once an hour, with the number of those in between', () => {
  const places = new BlockedPlaces()
  expect(places.count('a', 'x', 1_000, 0)).toBe(0)
  expect(places.count('a', 'x', 1_500, 1_000)).toBeUndefined()
  expect(places.count('a', 'x', 1_999, HOUR_MS - 1)).toBeUndefined()
  expect(places.count('a', 'x', 1_000, HOUR_MS)).toBe(2)
  expect(places.count('b', 'x', 1_000, HOUR_MS)).toBe(0)
})

it('before that, it is reported when it takes twice as long', () => {
  const places = new BlockedPlaces()
  places.count('a', 'x', 1_000, 0)
  expect(places.count('a', 'x', 2_000, 1)).toBe(0)
  expect(places.count('a', 'x', 2_000, 2)).toBeUndefined()
  expect(places.count('a', 'x', 3_999, 3)).toBeUndefined()
  expect(places.count('a', 'x', 4_000, 4)).toBe(2)
})

it('before that, it is reported when it comes about in another way, five ways at most', () => {
  const places = new BlockedPlaces()
  const reported = Array.from({ length: 8 }, (_, way) => places.count('a', `${way}`, 1_000, way))
  expect(reported).toEqual([0, 0, 0, 0, 0, undefined, undefined, undefined])
  expect(places.count('a', '0', 1_000, 9)).toBeUndefined()
})
