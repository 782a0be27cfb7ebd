import { type Static, Type } from '@sinclair/typebox'
import { expect, it } from 'vitest'
import {
  functionOf,
  nonEmptyText,
  optionsObject,
  orFalse,
  resolveOptions,
  wholeNumber,
  withDefault,
} from '../../src/kit/options.js'

const schema = optionsObject({
  name: Type.Optional(nonEmptyText()),
  maxMs: withDefault(wholeNumber(1, 100), 10),
  onSlow: Type.Optional(functionOf<(ms: number) => void>()),
  delivery: withDefault(
    optionsObject({
      retries: withDefault(wholeNumber(0, 5), 3),
      timeoutMs: withDefault(wholeNumber(1, 60), 20),
    }),
    {},
  ),
})
const resolve = (given: Static<typeof schema>) =>
  resolveOptions(schema, given, (...parts) => new Error(parts.join('|')))

it('fills defaults in, also those of an object that is given in part', () => {
  expect(resolve({})).toEqual({ maxMs: 10, delivery: { retries: 3, timeoutMs: 20 } })
  const onSlow = (): void => undefined
  expect(resolve({ name: 'a', maxMs: 5, onSlow, delivery: { retries: 0 } })).toEqual({
    name: 'a',
    maxMs: 5,
    onSlow,
    delivery: { retries: 0, timeoutMs: 20 },
  })
})

it('takes an option that is undefined for one that is not given', () => {
  expect(resolve({ maxMs: undefined } as never).maxMs).toBe(10)
})

it('refuses a wrong value with its path, what was expected and what was found', () => {
  expect(() => resolve({ delivery: { retries: 9 } })).toThrow(
    'delivery.retries|a whole number, 0 to 5|9',
  )
  expect(() => resolve({ maxms: 5 } as never)).toThrow('maxms|no such option')
})

it('names the options that there are where no one is near to a wrong name', () => {
  expect(() => resolve({ colour: 5 } as never)).toThrow(
    'colour|no such option|5; there are "name", "maxMs", "onSlow", "delivery"',
  )
  expect(() => resolve({ delivery: { colour: 5 } } as never)).toThrow(
    'delivery.colour|no such option|5; there are "retries", "timeoutMs"',
  )
})

it('what `false` switches off is not checked, and stays off', () => {
  const file = optionsObject({ path: nonEmptyText('a path') }, 'an object with a path, or false')
  const schema = optionsObject({ file: withDefault(orFalse(file), { path: 'a.log' }) })
  const resolved = (given: object) =>
    resolveOptions(schema, given, (...parts) => new Error(parts.join('|')))
  expect(resolved({ file: false })).toEqual({ file: false })
  expect(resolved({})).toEqual({ file: { path: 'a.log' } })
  expect(resolved({ file: { path: 'b.log' } })).toEqual({ file: { path: 'b.log' } })
  expect(() => resolved({ file: true })).toThrow('file|an object with a path, or false|true')
  expect(() => resolved({ file: { path: '' } })).toThrow("file.path|a path|''")
})
