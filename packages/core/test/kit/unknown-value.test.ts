import { expect, it } from 'vitest'
import { isObject, isThenable, refusePromise, show } from '../../src/kit/unknown-value.js'

it('objects are objects, null and functions are not', () => {
  expect([{}, [], null, undefined, 'text', () => undefined].map(isObject)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ])
})

it('what has a method `then` is a promise', () => {
  const name = 'then'
  const thenable = { [name]: () => undefined }
  const values = [Promise.resolve(), thenable, { [name]: 1 }, undefined]
  expect(values.map(isThenable)).toEqual([true, true, false, false])
})

it('a promise is refused, and its rejection becomes the cause', async () => {
  expect(refusePromise('text')).toBe('text')
  const reason = new Error('later')
  let refusal: unknown
  try {
    refusePromise(Promise.reject(reason))
  } catch (error) {
    refusal = error
  }
  await Promise.resolve()
  expect(refusal).toMatchObject({ name: 'TypeError', cause: reason })
})

it('any value can be shown, in 80 characters at most', () => {
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  expect(show(revoked.proxy).length).toBeLessThanOrEqual(80)
  expect(show('x'.repeat(1_000)).length).toBeLessThanOrEqual(90)
  expect(show(function named() {})).toBe('function named')
  expect(show(() => undefined)).toBe('a function')
})
