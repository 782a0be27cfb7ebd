import { expect, it } from 'vitest'
import { errorCodeOf } from '../../src/noting/error-code.js'

class DatabaseError extends Error {
  override name = 'DatabaseError'
}

it.each([
  [Object.assign(new Error('x'), { code: '23505' }), '23505'],
  [Object.assign(new Error('x'), { code: 'ER_NO_SUCH_TABLE' }), 'ER_NO_SUCH_TABLE'],
  [Object.assign(new Error('x'), { code: 11_000 }), '11000'],
  [Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  [new DatabaseError('x'), 'DatabaseError'],
  [new TypeError('x'), 'TypeError'],
  [{ code: 'SQLITE_BUSY' }, 'SQLITE_BUSY'],
  ['the password is hunter2', 'Error'],
  [null, 'Error'],
  [Object.assign(new Error('x'), { code: 'a value with spaces: hunter2' }), 'Error'],
  [Object.assign(new Error('x'), { code: 'x'.repeat(100), name: 'it is 42' }), 'Error'],
])('of %s it is %s', (error, code) => {
  expect(errorCodeOf(error)).toBe(code)
})

it('of an error that throws when it is read it is Error', () => {
  const hostile = new Proxy(new Error('x'), {
    get() {
      throw new Error('no')
    },
  })
  expect(errorCodeOf(hostile)).toBe('Error')
})
