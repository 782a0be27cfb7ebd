import { expect, it } from 'vitest'
import { isObject, isThenable, refusePromise, show, showUrl } from '../../src/kit/unknown-value.js'

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

it.each([
  [undefined, 'undefined'],
  [null, 'null'],
  [42, '42'],
  ['', "''"],
  ['hooks.example.com/services/T0/secret', 'a text of 36 characters that is no URL'],
  ['ftp://user:secret@example.com/x', 'a URL that begins with ftp:'],
  ['https://user:secret@example.com/v1?key=secret', 'a URL with a user, a path and a query'],
  ['https://example.com/secret', 'a URL with a path'],
  ['https://example.com', 'a URL that begins with https:'],
])('of a wrong URL only that is said which is no secret: %j', (value, said) => {
  expect(showUrl(value)).toBe(said)
})
