import { expect, it } from 'vitest'
import {
  asErrorId,
  isErrorCode,
  isOfFastify,
  ownCodeOf,
  toKebabCase,
  toUpperSnakeCase,
} from '../../src/errors/error-code.js'

it.each([
  ['AUTH_RATE_LIMITED', 'auth-rate-limited'],
  ['A__B', 'a--b'],
  ["I'm a Teapot", 'i-m-a-teapot'],
  ['E-1', 'e-1'],
  ['CODE 7', 'code-7'],
  ['7 CODE', '7-code'],
  ['A, B', 'a-b'],
  ['ÄRGER_ÜBER', 'ärger-über'],
])('the code %j makes the id %j', (code, id) => {
  expect(toKebabCase(code)).toBe(id)
})

it.each([
  ['auth-rate-limited', 'AUTH_RATE_LIMITED'],
  ['i- m', 'I_M'],
  ['größe-7', 'GRÖSSE_7'],
])('the id %j makes the code %j', (id, code) => {
  expect(toUpperSnakeCase(id)).toBe(code)
})

it('the id of an error has 1 to 64 letters, digits, dots, dashes and underscores', () => {
  for (const id of ['a', 'A_b-c.7', 'x'.repeat(64)]) expect(asErrorId(id)).toBe(id)
  for (const id of ['', 'x'.repeat(65), 'a b', 'a\n', '\na', 'é', 7, null, ['a'], undefined]) {
    expect(asErrorId(id)).toBeUndefined()
  }
})

it('a code begins with a capital letter, and has only capital letters, digits and underscores', () => {
  const seen = ['A', 'NO_STOCK', 'E7', 'e', '7A', '_A', 'Ab', 'A-B', 'A b', 'xA', ''].map(
    isErrorCode,
  )
  expect(seen).toEqual([true, true, true, ...new Array(8).fill(false)])
  expect([7, null, undefined, ['A']].map(isErrorCode)).toEqual([false, false, false, false])
})

it('Fastify’s own codes are not shown, those of its plugins are', () => {
  const codes = ['FST_ERR_CTP_INVALID', 'FST_JWT_EXPIRED', 'NOT_FST_ERR_X', 'no code', 7, undefined]
  expect(codes.map((code) => isOfFastify({ code }))).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ])
  expect(codes.map((code) => ownCodeOf({ code }))).toEqual([
    undefined,
    'FST_JWT_EXPIRED',
    'NOT_FST_ERR_X',
    undefined,
    undefined,
    undefined,
  ])
})
