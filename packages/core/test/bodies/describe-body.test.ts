import { createHash, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { described, recordedOf } from './captured.js'

const R = '[redacted]'
const JSON_TYPE = 'application/json; charset=utf-8'

it('JSON is parsed and redacted, also by its vendor types, with a byte order mark and in UTF-16', () => {
  const expected = { id: 7, password: R, card: { cvc: R, brand: 'visa' } }
  const text = JSON.stringify({ id: 7, password: 'hunter2', card: { cvc: 123, brand: 'visa' } })
  expect(described(text, JSON_TYPE)).toEqual({ value: expected, isTruncated: false })
  expect(recordedOf(text, 'application/problem+json')).toEqual(expected)
  expect(recordedOf(`\uFEFF${text}`, 'text/json')).toEqual(expected)
  expect(recordedOf(Buffer.from(text, 'utf16le'), 'application/json; charset=utf-16le')).toEqual(
    expected,
  )
})

it('JSON within a string of JSON is redacted too', () => {
  const text = JSON.stringify({ payload: JSON.stringify({ token: 'tok_123', n: 1 }) })
  expect(recordedOf(text, JSON_TYPE)).toEqual({ payload: `{"token":"${R}","n":1}` })
})

it('malformed JSON is replaced by a marker', () => {
  expect(recordedOf('{"password":"hunter2",', JSON_TYPE)).toBe('[unparsable: 22 bytes]')
  expect(recordedOf('{"\\u0070assword":"hunter2"', 'text/plain')).toBe('[truncated: 26 bytes]')
})

it('the complete values of truncated JSON are kept and redacted', () => {
  const text = JSON.stringify({
    id: 7,
    tags: ['a', 'b'],
    password: 'hunter2',
    note: 'x'.repeat(90),
  })
  expect(described(text, JSON_TYPE, 60)).toEqual({
    value: { id: 7, tags: ['a', 'b'], password: R },
    isTruncated: true,
  })
  for (let max = 1; max < text.length; max++) {
    expect(JSON.stringify(recordedOf(text, JSON_TYPE, max))).not.toContain('hunter')
  }
})

it('a value of truncated JSON is dropped when its name was cut off', () => {
  const pair = { value: 'hunter2', padding: 'x'.repeat(40), name: 'password' }
  const text = JSON.stringify({ id: 1, pairs: [{ name: 'n', value: 'v' }, pair] })
  const at = text.indexOf('padding') + 30
  expect(recordedOf(text, JSON_TYPE, at)).toEqual({ id: 1, pairs: [{ name: 'n', value: 'v' }] })
})

it('NDJSON is redacted line by line, and an incomplete line is dropped', () => {
  const text = '{"a":1}\n{"secret":"x"}\nnot json\n{"b":2}'
  expect(recordedOf(text, 'application/x-ndjson')).toBe(
    `{"a":1}\n{"secret":"${R}"}\n[unparsable: 8 bytes]\n{"b":2}`,
  )
  expect(recordedOf(text, 'application/x-ndjson', 12)).toBe('{"a":1}\n[truncated: 4 bytes]')
})

it('forms are redacted as text', () => {
  expect(recordedOf('user=ann&password=hunter2&x=1', 'application/x-www-form-urlencoded')).toBe(
    'user=ann&password=[redacted]&x=1',
  )
})

it('server-sent events are redacted line by line as text', () => {
  const text = 'event: charge\ndata: {"token":"tok_1","n":1}\ndata: {"a":\n\ndata: [DONE]\n'
  expect(recordedOf(text, 'text/event-stream')).toBe(
    `event: charge\ndata: {"token":"${R}","n":1}\ndata: [unparsable: 5 bytes]\n\ndata: [DONE]\n`,
  )
})

it('text that looks like JSON or XML is redacted as such, whatever its type is', () => {
  expect(recordedOf('hello, password=hunter2!', 'text/plain')).toBe(`hello, password=${R}!`)
  expect(recordedOf('{"password":"hunter2"}', 'text/plain')).toEqual({ password: R })
  expect(recordedOf('<a><password>hunter2</password></a>', 'text/plain')).toBe(
    `<a><password>${R}</password></a>`,
  )
  expect(recordedOf('caf\xe9', undefined)).toBe('café')
  expect(recordedOf(Buffer.from('caf\xe9', 'latin1'), 'text/plain; charset=iso-8859-1')).toBe(
    'café',
  )
})

it('binary data is described by its type, size and SHA-256', () => {
  const bytes = randomBytes(70_000)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(described(bytes, 'image/png')).toEqual({
    value: { type: 'image/png', bytes: 70_000, sha256 },
    isTruncated: true,
  })
  expect(recordedOf(Buffer.from([0xff, 0xfe, 1]))).toMatchObject({ type: null, bytes: 3 })
  expect(recordedOf('a\0b', 'text/plain')).toMatchObject({ type: 'text/plain', bytes: 3 })
  expect(recordedOf('text', 'text/plain; charset=utf-7')).toMatchObject({ bytes: 4 })
})

it('an empty body is null, and a body of which nothing was kept is described by its length', () => {
  expect(described('')).toEqual({ value: null, isTruncated: false })
  expect(described('abc', 'text/plain', 0)).toEqual({
    value: '[truncated: 3 bytes]',
    isTruncated: true,
  })
})

it('multipart bodies are described by the name, file name, type and size of their parts', () => {
  const body = [
    '--b1',
    'Content-Disposition: form-data; name="password"',
    '',
    'hunter2',
    '--b1',
    'Content-Disposition: form-data; name="scan"; filename="a.pdf"',
    'Content-Type: application/pdf',
    '',
    'x'.repeat(1000),
    '--b1--',
    '',
  ].join('\r\n')
  const type = 'multipart/form-data; boundary=b1'
  expect(recordedOf(body, type)).toEqual({
    type: 'multipart/form-data',
    bytes: body.length,
    parts: [
      { name: 'password', bytes: 7 },
      { name: 'scan', fileName: 'a.pdf', type: 'application/pdf', bytes: 1000 },
    ],
  })
  expect(recordedOf(body, type, 100)).toMatchObject({
    parts: [{ name: 'password' }, {}, '[truncated: the rest of the body]'],
  })
  expect(recordedOf(body, 'multipart/form-data')).toMatchObject({ bytes: body.length })
})

const NUMBERS =
  '{"id":1234567890123456789,"n":[1e400,-1E400,1e-400],"neg":-0.0,"pi":3.14159265358979323846,"a":1.0,"zero":0,"b":1E2,"c":19.90}'
const KEPT = {
  id: '1234567890123456789',
  n: ['1e400', '-1E400', '1e-400'],
  neg: '-0.0',
  pi: '3.14159265358979323846',
  a: 1,
  zero: 0,
  b: 100,
  c: 19.9,
}

it('a number that JavaScript would change is kept as its text, anywhere in the body', () => {
  for (const type of [JSON_TYPE, 'application/vnd.api+json', 'text/plain', undefined]) {
    expect(recordedOf(NUMBERS, type)).toEqual(KEPT)
    // A key with a space, and a name beside a value, leave the object to the redactor.
    const odd = `{"a b":{"name":"n","value":[${NUMBERS}]}}`
    expect(recordedOf(odd, type)).toEqual({ 'a b': { name: 'n', value: [KEPT] } })
    expect(recordedOf(`{"text":${JSON.stringify(NUMBERS)}}`, type)).toEqual({
      text: JSON.stringify(KEPT),
    })
  }
  const line = JSON.stringify(KEPT)
  expect(recordedOf(`${NUMBERS}\n${NUMBERS}\n`, 'application/x-ndjson')).toBe(`${line}\n${line}\n`)
  expect(recordedOf(`data: ${NUMBERS}\n`, 'text/event-stream')).toBe(`data: ${line}\n`)
})

it('such a number is kept as its text in truncated JSON too, for each kind of number', () => {
  const text = `{"list":[${NUMBERS},${NUMBERS}]}`
  expect(recordedOf(text, JSON_TYPE, NUMBERS.length + 20)).toEqual({ list: [KEPT, {}] })
  for (const number of ['1234567890123456789', '1e400', '1e-400', '-0', '-0.0', '-5e-330'])
    expect(recordedOf(`{"a":${number},"b":0}`, JSON_TYPE)).toEqual({ a: number, b: 0 })
})

it('a secret number of any length is hidden', () => {
  const text = '{"pin":12345678901234567890,"password":1e400}'
  expect(recordedOf(text, JSON_TYPE)).toEqual({ pin: R, password: R })
})

it('all content types of JSON lines are recognised, also with record separators', () => {
  const types = ['application/jsonl', 'text/ndjson', 'application/vnd.x+ndjson']
  for (const type of [...types, 'application/stream+json', 'application/json-seq'])
    expect(recordedOf('{"pin":"1"}\n{"a":2}\n', type)).toBe(`{"pin":"${R}"}\n{"a":2}\n`)
  expect(recordedOf('\u001e{"pin":"1"}\n', 'application/json-seq')).toBe(`\u001e{"pin":"${R}"}\n`)
})

it('a long document is cut at its 10,000th value or its 200th level', () => {
  const wide = JSON.stringify(Array.from({ length: 40_000 }, (_, at) => at))
  const { value, isTruncated } = described(wide, JSON_TYPE, 1_000_000)
  expect(isTruncated).toBe(true)
  expect((value as number[]).slice(0, 2)).toEqual([0, 1])
  expect((value as number[]).length).toBeGreaterThan(9_000)
  const deep = `${'['.repeat(40_000)}${']'.repeat(40_000)}`
  expect(described(deep, JSON_TYPE, 1_000_000).isTruncated).toBe(true)
})

it.each(['headers', 'trailers', 'rawHeaders', 'rawTrailers'])(
  'in a flat list of %s the value after the name of a secret header is hidden',
  (key) => {
    const body = JSON.stringify({ [key]: ['Accept', '*/*', 'Cookie', 'sid=c4n4ry'] })
    expect(recordedOf(body, 'application/json')).toEqual({
      [key]: ['Accept', '*/*', 'Cookie', '[redacted]'],
    })
  },
)
