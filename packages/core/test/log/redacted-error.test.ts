import { createRedactor } from '@fastify-scs/core'
import { errorForLog } from '@fastify-scs/core/kit'
import { expect, it } from 'vitest'

const redactor = createRedactor()

it.each([
  ['a secret under its key', { status: 409, token: 'a1b2c3d4e5', isRetried: false }],
  ['a secret in a text', { id: 'taken', link: 'https://me:hunter2@host.test/?token=a1b2' }],
  ['a number under a secret key', { pin: 1234, password: 987_654 }],
  ['a pair of a label and a value', { name: 'password', value: 'hunter2' }],
  ['a count of tokens', { maxTokens: 100, tokens: 12 }],
  ['a number that JSON has not', { ratio: Number.NaN, rest: Number.POSITIVE_INFINITY }],
  ['a key that is a secret itself', { sk_live_4eC39HqLyjWDarjtT1zdp7dc: 'x' }],
  ['a value that is long', { note: `${'word '.repeat(600)}password=hunter2` }],
])(
  'the fields of an error are redacted as redactor.value redacts them together: %s',
  (_name, fields) => {
    const shown = { ...errorForLog(Object.assign(new Error('It failed'), fields), redactor) }
    expect(shown).toEqual(redactor.value(JSON.parse(JSON.stringify(fields))))
  },
)

it('the copy of an error with a getter and a setter has the redacted value of the getter', () => {
  class LinkError extends Error {
    get link(): string {
      return 'https://me:hunter2@host.test/'
    }
    set link(_value: string) {
      throw new Error('is never set')
    }
  }
  const shown = errorForLog(new LinkError('It failed'), redactor) as LinkError
  expect(shown.link).toBe('https://[redacted]@host.test/')
})

it.each([
  ['Error: password=hunter2', 'password=hunter2', 'Error: password=[redacted]'],
  ['Error: It is taken', 'It is taken', 'Error: It is taken'],
  ['Error: one\n    at two', 'two', 'Error: one\n    at two'],
  ['Error', '', 'Error'],
])(
  'a stack trace that consists of its first line only is redacted: %s',
  (stack, message, expected) => {
    const shown = errorForLog(Object.assign(new Error(message), { stack }), redactor)
    expect(shown.stack).toBe(expected)
  },
)
