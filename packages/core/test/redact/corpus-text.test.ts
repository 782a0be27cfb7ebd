import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/redact/redactor.js'
import { READABLE_TEXTS, SECRET_TEXTS } from './corpus-text.js'

const { text, value } = createRedactor()

describe('redactor.text', () => {
  it('is tested with at least 150 secret and 150 readable texts', () => {
    expect(new Set(SECRET_TEXTS).size).toBeGreaterThanOrEqual(150)
    expect(new Set(READABLE_TEXTS).size).toBeGreaterThanOrEqual(150)
  })

  it.each(SECRET_TEXTS)('hides the secret in %j', (input) => {
    expect(input).toContain('S3CRETcanary77')
    expect(text(input)).not.toContain('S3CRETcanary77')
    expect(text(`some words before\n${input}\nand after`)).not.toContain('S3CRETcanary77')
    expect(JSON.stringify(value({ note: `x\n${input}` }))).not.toContain('S3CRETcanary77')
  })

  it.each(SECRET_TEXTS)('changes nothing when it redacts its result for %j again', (input) => {
    expect(text(text(input))).toBe(text(input))
  })

  it.each(READABLE_TEXTS)('leaves %j readable', (input) => {
    expect(text(input)).toBe(input)
  })
})

describe('the frames of a stack trace', () => {
  const frames =
    "\n    at login (/srv/app/src/auth.mjs:12:3)\n    at async token (file:///srv/it's/session.js:4:5)"

  it.each([
    "password: 'never closed",
    'token="never closed',
    'credentials: { a: 1',
    'password: correct horse battery',
    'token: abc',
    'secret:',
    'password: |',
    'Authorization: Bearer abc',
    'cookie: a=b;',
    'password => Array\n(\n  [a] => b',
    'password="""open',
  ])('stay readable after a message with %s', (message) => {
    expect(text(`Error: ${message}${frames}`)).toContain(frames)
  })
})

describe('the text around a secret', () => {
  it.each([
    ['password: |\n  a b\nok: 1', 'password: |\n  [redacted]\nok: 1'],
    ['passwords:\n  - a\n  - b\nok: 1', 'passwords:\n  [redacted]\nok: 1'],
    ['credentials:\n  user: bob\n  value: x\nok: 1', 'credentials:\n  [redacted]\nok: 1'],
    ['password: correct horse\nuser: bob', 'password: [redacted]\nuser: bob'],
    ['a password: correct horse user: bob', 'a password: [redacted] user: bob'],
    ['token: abc123 has expired', 'token: [redacted] has expired'],
    ['(password: two words) at noon', '(password: [redacted]) at noon'],
    ['Authorization: Bearer\r\n abc\r\nHost: h', 'Authorization: [redacted]\r\nHost: h'],
    ['db.password=a\\\n  b\nuser=bob', 'db.password=[redacted]\nuser=bob'],
    [
      'Key (email, api_token)=(a@b.c, x) already exists.',
      'Key (email, api_token)=([redacted]) already exists.',
    ],
    [
      "Duplicate entry 'x' for key 'users.api_token'",
      "Duplicate entry '[redacted]' for key 'users.api_token'",
    ],
    [
      "CREATE USER bob IDENTIFIED BY 'x' WITH GRANT",
      "CREATE USER bob IDENTIFIED BY '[redacted]' WITH GRANT",
    ],
    ['curl -u bob:x https://h', 'curl -u bob:[redacted] https://h'],
    ['connect postgres://bob:hunt', 'connect postgres://[redacted]'],
    ['tool --password x --verbose', 'tool --password [redacted] --verbose'],
  ])('stays readable in %j', (input, expected) => {
    expect(text(input)).toBe(expected)
  })
})
