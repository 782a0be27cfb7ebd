import { expect, it } from 'vitest'
import { readBody } from '../../src/bodies/describe-body.js'

function read(
  text: string | Buffer,
  type?: string,
  more: { isWhole?: boolean; encoding?: string } = {},
): unknown {
  const bytes = Buffer.from(text as string)
  const captured = { bytes, totalBytes: bytes.length, isWhole: true }
  return readBody({ captured, bytes, isWhole: true, ...more }, type)
}

it('JSON of any content type is parsed and not redacted', () => {
  const text = '{"password":"x","n":1}'
  for (const type of ['application/json', 'application/vnd.a+json; charset=utf-8', 'text/html'])
    expect(read(text, type)).toEqual({ password: 'x', n: 1 })
  expect(read(`\uFEFF${text}`)).toEqual({ password: 'x', n: 1 })
  expect(read('12', 'application/json')).toBe(12)
})

it('a body that is not JSON is returned as text', () => {
  expect(read('no', 'text/plain')).toBe('no')
  expect(read('{ no', 'application/json')).toBe('{ no')
  expect(read('a=b&token=c', 'application/x-www-form-urlencoded')).toBe('a=b&token=c')
  expect(read(Buffer.from([0xe9]), 'text/plain; charset=iso-8859-1')).toBe('é')
})

it('an empty, binary, compressed or incomplete body is undefined', () => {
  expect(read('', 'application/json')).toBeUndefined()
  expect(read('x', 'image/png')).toBeUndefined()
  expect(read(Buffer.from([0xff, 0xfe]))).toBeUndefined()
  expect(read('x', 'text/plain; charset=klingon')).toBeUndefined()
  expect(read('{}', 'application/json', { isWhole: false })).toBeUndefined()
  expect(read('{}', 'application/json', { encoding: 'gzip' })).toBeUndefined()
  expect(read('--a', 'multipart/form-data; boundary=a')).toBeUndefined()
})
