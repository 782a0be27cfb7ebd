import { expect, it } from 'vitest'
import {
  limitStackTraces,
  RegistrationPlace,
  resumeStackTraces,
  suspendStackTraces,
} from '../../src/errors/stack-trace.js'

/** The place that is found when a stack is this. */
function placeIn(stack: unknown): string {
  const { prepareStackTrace } = Error
  Error.prepareStackTrace = () => stack
  const register = (): RegistrationPlace => new RegistrationPlace(register)
  try {
    return String(register())
  } finally {
    Error.prepareStackTrace = prepareStackTrace
  }
}

it('stacks are captured again as before', () => {
  const limit = suspendStackTraces()
  const none = new Error('x').stack
  const suspended = Error.stackTraceLimit
  resumeStackTraces(limit)
  expect([none, suspended, Error.stackTraceLimit]).toEqual(['Error: x', 0, limit])
  const before = limitStackTraces(3)
  const lines = new Error('x').stack?.split('\n')
  resumeStackTraces(before)
  expect([before, lines?.length, Error.stackTraceLimit]).toEqual([limit, 4, limit])
})

it('a place is where the function was called from, and capturing it leaves the limit', () => {
  const limit = Error.stackTraceLimit
  const register = (): RegistrationPlace => new RegistrationPlace(register)
  expect(String(register())).toMatch(/^\/.*stack-trace\.test\.ts:\d+:\d+$/)
  expect(Error.stackTraceLimit).toBe(limit)
})

it('a place that no function was called for is core’s own', () => {
  expect(String(new RegistrationPlace())).toBe('@fastify-scs/core itself')
})

it('of several functions the first that was called tells the place', () => {
  const never = (): void => undefined
  const register = (): RegistrationPlace => new RegistrationPlace(never, register)
  expect(String(register())).toMatch(/stack-trace\.test\.ts:\d+:\d+$/)
  expect(String(new RegistrationPlace(never))).toBe('an unknown place')
})

it.each([
  ['Error\n    at f (/app/a.js:1:2)\n    at g (/app/b.js:3:4)', '/app/a.js:1:2'],
  ['Error\n    at Array.forEach (<anonymous>)\n    at g (/app/b.js:12:34)', '/app/b.js:12:34'],
  ['Error\n    at async file:///app/b.js:12:34', '/app/b.js:12:34'],
  ['Error\n    at /app/my dir/b.js:12:34', '/app/my dir/b.js:12:34'],
  ['Error\n    at f (file:///app/file://b.js:1:2)', '/app/file://b.js:1:2'],
  ['Error\n    at f (/app/my (copy)/a.js:1:2)', '/app/my (copy)/a.js:1:2'],
  ['Error\n    at f (/app/file://b.js:1:2)', '/app/file://b.js:1:2'],
  ['at f (/app/a.js:1:2)', 'an unknown place'],
  ['Error: x at f (/app/a.js:1:2)', 'an unknown place'],
  ['Error\n    at f (/app/a.js:1:2) and more', 'an unknown place'],
  ['Error\n    at f (/app/a.js)', 'an unknown place'],
  ['', 'an unknown place'],
  [7, 'an unknown place'],
])('the stack %j names the place %j', (stack, place) => {
  expect(placeIn(stack)).toBe(place)
})
