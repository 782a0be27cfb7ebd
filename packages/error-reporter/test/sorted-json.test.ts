import { expect, it } from 'vitest'
import { sortedJson } from '../src/delivery/outgoing-report.js'

it('keys are sorted at every level, and the value itself stays as it is', () => {
  const value = { b: [{ d: 1, c: { f: null, e: 'x' } }, 'z', 'y'], a: { h: 1, g: 2 } }
  expect(sortedJson(value)).toBe(
    JSON.stringify({ a: { g: 2, h: 1 }, b: [{ c: { e: 'x', f: null }, d: 1 }, 'z', 'y'] }, null, 4),
  )
  expect(Object.keys(value)).toEqual(['b', 'a'])
})

it('keys that are sorted are not sorted within', () => {
  const value = { a: { b: 1, c: [{ e: 1, d: 2 }] }, f: 'x' }
  expect(sortedJson(value)).toBe(
    JSON.stringify({ a: { b: 1, c: [{ d: 2, e: 1 }] }, f: 'x' }, null, 4),
  )
})

it('an own __proto__ stays data', () => {
  const value = JSON.parse('{"b":1,"__proto__":{"z":1,"a":2}}')
  expect(JSON.parse(sortedJson(value))).toEqual(value)
})
