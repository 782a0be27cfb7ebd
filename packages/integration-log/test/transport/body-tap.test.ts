import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BodyTap, knownBody } from '../../src/transport/body-tap.js'

const BINARY = ['Content-Type', 'application/octet-stream']

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

it('any chunks give the beginning, length and checksum of the whole body', () => {
  const chunk = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'binary' }))
  fc.assert(
    fc.property(fc.array(chunk), fc.nat(400), fc.nat(2_000), (chunks, maxBytes, announced) => {
      const tap = new BodyTap(maxBytes, [...BINARY, 'content-length', String(announced)])
      for (const each of chunks) tap.add(each)
      const all = Buffer.concat(chunks.map((each) => Buffer.from(each as string)))
      expect(tap.captured(true)).toEqual({
        bytes: all.subarray(0, maxBytes),
        totalBytes: all.length,
        isWhole: true,
        sha256: sha256(all),
      })
    }),
  )
})

it('a limit within a character leaves its first bytes', () => {
  const tap = new BodyTap(3, [])
  tap.add('ab😀')
  expect(tap.captured(true).bytes).toEqual(Buffer.from('ab😀').subarray(0, 3))
})

it('a body that did not end has no checksum, and text has none', () => {
  const tap = new BodyTap(10, BINARY)
  tap.add(Buffer.alloc(20))
  expect(tap.captured(false)).toEqual({ bytes: Buffer.alloc(10), totalBytes: 20, isWhole: false })
  const text = new BodyTap(10, ['content-type', 'application/json; charset=utf-8'])
  text.add('{}')
  expect(text.captured(true)).not.toHaveProperty('sha256')
})

it('chunks are copied, so that reusing their memory changes nothing', () => {
  const tap = new BodyTap(10, [])
  const chunk = Buffer.from('abc')
  tap.add(chunk)
  chunk.fill('x')
  expect(String(tap.captured(true).bytes)).toBe('abc')
})

it('an announced length takes no memory before bytes arrive, and never more than the limit', () => {
  const tap = new BodyTap(1_000, ['content-length', '99999999999'])
  expect(tap.captured(false).bytes).toHaveLength(0)
  tap.add('x')
  // What the small buffers of Node lie in.
  expect(tap.captured(false).bytes.buffer.byteLength).toBeLessThanOrEqual(Buffer.poolSize + 64)
  expect(new BodyTap(10, ['content-length', 'Infinity']).isEmpty).toBe(true)
})

it('a million chunks of one byte hold no more than the limit', () => {
  const tap = new BodyTap(65_536, [])
  const read = Buffer.alloc(65_536)
  for (let i = 0; i < 1_000_000; i++) tap.add(read.subarray(0, 1))
  const { bytes, totalBytes } = tap.captured(false)
  expect(totalBytes).toBe(1_000_000)
  expect(bytes.buffer.byteLength).toBe(65_536)
  expect(bytes.buffer).not.toBe(read.buffer)
})

it('a body that is complete at the start is captured at once, unless it is streamed', () => {
  expect(knownBody('né', 2, [])?.captured(false)).toEqual({
    bytes: Buffer.from('né').subarray(0, 2),
    totalBytes: 3,
    isWhole: true,
  })
  expect(knownBody(new Uint16Array([1, 2]), 3, [])?.captured(false).totalBytes).toBe(4)
  expect(knownBody(new ArrayBuffer(5), 3, [])?.captured(false).totalBytes).toBe(5)
  for (const none of ['', Buffer.alloc(0), null, undefined, new FormData(), {}, 5]) {
    expect(knownBody(none, 10, [])).toBeUndefined()
  }
})
