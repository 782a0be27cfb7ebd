import zlib from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Decompressor } from '../../src/bodies/decompress.js'
import { captured } from '../captured.js'

const decompressor = new Decompressor()
const text = JSON.stringify({
  items: Array.from({ length: 300 }, (_, n) => ({ n, name: `n${n}` })),
})

async function decompress(bytes: Buffer, encoding: string, max = 65_536, kept = 65_536) {
  const {
    bytes: out,
    isWhole,
    encoding: left,
  } = await decompressor.decompress(captured(bytes, kept), encoding, max)
  return { text: out.toString(), isWhole, left }
}

it.each([
  ['gzip', zlib.gzipSync(text)],
  ['x-gzip', zlib.gzipSync(text)],
  ['deflate', zlib.deflateSync(text)],
  ['deflate', zlib.deflateRawSync(text)],
  ['br', zlib.brotliCompressSync(text)],
  ['identity, GZIP', zlib.gzipSync(text)],
  ['br, gzip', zlib.gzipSync(zlib.brotliCompressSync(text))],
])('%s is undone', async (encoding, bytes) => {
  expect(await decompress(bytes, encoding)).toEqual({ text, isWhole: true, left: undefined })
})

it.each([
  ['gzip', zlib.gzipSync(text)],
  ['deflate', zlib.deflateSync(text)],
  ['br', zlib.brotliCompressSync(text)],
])('of half a body in %s what can be had is kept', async (encoding, bytes) => {
  const half = await decompress(bytes, encoding, 65_536, Math.ceil(bytes.length * 0.7))
  expect(half.isWhole).toBe(false)
  expect(half.text.length).toBeGreaterThan(0)
  expect(text.startsWith(half.text)).toBe(true)
})

it('a decompression bomb yields no more than is kept', async () => {
  const bomb = zlib.gzipSync(Buffer.alloc(50_000_000))
  const { text: out, isWhole } = await decompress(bomb, 'gzip', 1_000)
  expect(out).toHaveLength(1_000)
  expect(isWhole).toBe(false)
})

it('a body that cannot be decompressed names its content coding', async () => {
  const plain = Buffer.from('no gzip at all')
  expect(await decompress(plain, 'gzip')).toMatchObject({ left: 'gzip' })
  expect(await decompress(plain, 'dcb')).toMatchObject({ left: 'dcb' })
  expect(await decompress(plain, 'gzip,gzip,gzip,gzip')).toMatchObject({
    left: 'gzip,gzip,gzip,gzip',
  })
})

it('many at once are all decompressed', async () => {
  const bytes = zlib.gzipSync(text)
  const all = await Promise.all(Array.from({ length: 40 }, () => decompress(bytes, 'gzip')))
  expect(new Set(all.map(({ text: out }) => out))).toEqual(new Set([text]))
})

it('decompressing any bytes never fails', async () => {
  const codings = fc.constantFrom('gzip', 'deflate', 'br', 'br, gzip', 'zstd', 'x')
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.uint8Array({ maxLength: 200 }).map((plain) => zlib.gzipSync(plain)),
    fc.uint8Array({ maxLength: 200 }).map((plain) => zlib.brotliCompressSync(plain)),
  )
  await fc.assert(
    fc.asyncProperty(bytes, codings, fc.nat(300), async (input, coding, max) => {
      const { bytes: out, encoding } = await decompressor.decompress(captured(input), coding, max)
      expect(encoding === undefined ? out.length <= max : true).toBe(true)
    }),
    { numRuns: 200 },
  )
})
