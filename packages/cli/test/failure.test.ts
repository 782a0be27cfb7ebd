import { FilterError } from '@fastify-scs/store'
import { describe, expect, it } from 'vitest'
import { NotFoundError } from '../src/errors.js'
import { exitCodeOf } from '../src/exit-codes.js'
import { lineOf, stackOf, withoutSecrets } from '../src/failure.js'

describe('an error is said', () => {
  it('in one line with its code and what to do', () => {
    expect(lineOf(new NotFoundError('x'))).toBe(
      'x is not in the store (SCS_CLI_ERR_NOT_FOUND). Check the id and the store; retention may have removed it.',
    )
    expect(lineOf(new Error('one\n  two\u001b[2J'))).toBe('one two\\u001b[2J')
    expect(lineOf('thrown')).toBe('thrown')
  })

  it('without the password of any URL', () => {
    for (const [text, shown] of [
      ['at postgres://u:secret@h/db', 'at postgres://u:***@h/db'],
      ['at postgres://u:se:cr@et@h/db', 'at postgres://u:***@h/db'],
      ['postgres://h/db?password=secret&x=1', 'postgres://h/db?password=***&x=1'],
      ['postgres://:secret@h/db', 'postgres://:***@h/db'],
      ['postgres://u:se/cr#et@h/db', 'postgres://u:***@h/db'],
      ['http://127.0.0.1:80/a', 'http://127.0.0.1:80/a'],
    ] as const)
      expect(withoutSecrets(text)).toBe(shown)
  })

  it('with its stack and causes for --debug, still without a password', () => {
    const cause = new Error('postgres://u:secret@h is away')
    const text = stackOf(new Error('it failed', { cause }))
    expect(text).toMatch(/it failed\n\s+at .*caused by Error: postgres:\/\/u:\*\*\*@h is away\n/s)
  })
})

it('the exit code tells wrong usage, what is not there, and failures apart', () => {
  expect(exitCodeOf(new FilterError('limit', 'a number', 'x'))).toBe(2)
  expect(exitCodeOf(new NotFoundError('x'))).toBe(3)
  expect(exitCodeOf(new Error('x'))).toBe(1)
  expect(exitCodeOf('x')).toBe(1)
})
