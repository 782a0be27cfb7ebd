import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/redact/redactor.js'

const { text } = createRedactor()

describe('text', () => {
  it.each([
    ['password=hunter2, user=x', 'password=[redacted], user=x'],
    ['password = hunter,2 or so', 'password = [redacted] or so'],
    ['(password=abc).', '(password=[redacted]).'],
    ['Server=x;Password=p;Database=d', 'Server=x;Password=[redacted];Database=d'],
    ["{ password: 'a b', x: 1 }", "{ password: '[redacted]', x: 1 }"],
    ['{ password: [ "a", "b" ], x: 1 }', '{ password: [redacted], x: 1 }'],
    ['token: {"a":"}","b":1} rest', 'token: [redacted] rest'],
    ['password => "abc"', 'password => "[redacted]"'],
    ['api key: abc', 'api key: [redacted]'],
    ['card number: 4242 4242 4242 4242.', 'card number: [redacted].'],
    ['user[pin]=1&a=b', 'user[pin]=[redacted]&a=b'],
    ['%70assword=x', '%70assword=[redacted]'],
    ['password="a \\" b" c', 'password="[redacted]" c'],
    [`password='a'b"c d" e`, 'password=[redacted] e'],
    ["password=''abc d", 'password=[redacted] d'],
    ["apiKey = 'x y'", "apiKey = '[redacted]'"],
    ['password="never closed', 'password="[redacted]'],
  ])('hides the value of the key in %s', (input, expected) => {
    expect(text(input)).toBe(expected)
  })

  it.each([
    ['got {"password":"a\\"b","x":1} back', 'got {"password":"[redacted]","x":1} back'],
    [
      '{\\"password\\":\\"a\\\\\\"b\\",\\"x\\":\\"y\\"}',
      '{\\"password\\":\\"[redacted]\\",\\"x\\":\\"y\\"}',
    ],
    ['{"password":"a\\\\","x":"y"}', '{"password":"[redacted]","x":"y"}'],
    ['"\\u0070assword":"abc', '"\\u0070assword":"[redacted]'],
    ['{"pin":1234,"x":2}', '{"pin":[redacted],"x":2}'],
    ['{\\"token\\":{\\"x\\":\\"}canary\\"}}', '{\\"token\\":[redacted]}'],
    ['assword":"x', 'assword":"x'],
    ['password":"x"', 'password":"[redacted]"'],
  ])('redacts the fragment of JSON in %s', (input, expected) => {
    expect(text(input)).toBe(expected)
  })

  it.each([
    [
      'Authorization: Digest username="x", response="y"\nHost: z',
      'Authorization: [redacted]\nHost: z',
    ],
    ['Cookie: a=b; c=d\r\nHost: x', 'Cookie: [redacted]\r\nHost: x'],
    ['curl -H "Authorization: Basic abc" -d x', 'curl -H "Authorization: [redacted]" -d x'],
    ['sent Bearer abc to', 'sent Bearer [redacted] to'],
    ['Basic dTpw', 'Basic [redacted]'],
    ['Basic ajpi', 'Basic [redacted]'],
    ['Token abc123', 'Token [redacted]'],
    ['auth=Bearer abc x', 'auth=[redacted] x'],
  ])('hides the credentials in %s', (input, expected) => {
    expect(text(input)).toBe(expected)
  })

  it.each([
    ['connect postgres://u:p@h/db failed', 'connect postgres://[redacted]@h/db failed'],
    ['GET /x?token=abc&y=1 HTTP/1.1', 'GET /x?token=[redacted]&y=1 HTTP/1.1'],
    ['to /cb?next=%2F%3Ftoken%3Dabc&y', 'to /cb?next=%2F%3Ftoken%3D%5Bredacted%5D&y'],
    ['see <https://h/?a=b&sig=x>', 'see <https://h/?a=b&sig=[redacted]>'],
  ])('hides the secrets of the URL in %s', (input, expected) => {
    expect(text(input)).toBe(expected)
  })

  it('hides JSON web tokens and private keys without a key before them', () => {
    expect(text('jwt eyJhbGciOiJI.eyJzdWIiOiIx.abc-_ end')).toBe('jwt [redacted] end')
    const pem = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----'
    expect(text(`key ${pem} done`)).toBe('key [redacted] done')
    expect(text(`key ${pem.slice(0, 40)}`)).toBe('key [redacted]')
    const certificate = '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----'
    expect(text(certificate)).toBe(certificate)
  })

  it.each([
    'token expired',
    'Token validation failed',
    'bearer token missing',
    'expected "token=" in the query',
    "the token ':' is odd",
    'Basic usage',
    "Unexpected token ':' in JSON at position 4",
    'InvalidPasswordError: Wrong one',
    'password: null, token: undefined',
    'TypeError: x is not a function\n    at foo (file:///srv/a/b.js:12:34)\n    at C:\\a\\b.js:1:2',
    'a ? b : c, d == e, 12:30, 100%, max_tokens: 5',
    'see https://medium.com/@user and //comment a@b.c',
  ])('leaves %s readable', (input) => {
    expect(text(input)).toBe(input)
  })

  it('cuts a text that is too long before the word at the limit', () => {
    const long = `${'word '.repeat(209_715)}eyJhbGciOiJI.eyJzdWIiOiIx.abc`
    const redacted = text(long)
    expect(redacted).toMatch(/word\[truncated: \d+ bytes\]$/)
    expect(redacted).not.toContain('eyJ')
  })
})
