import type { Transform } from 'node:stream'
import zlib from 'node:zlib'
import { type CapturedBody, type PlainBody, plainBodyOf } from '@fastify-scs/core/kit'

/** Bodies decompressed at a time; each may need a few megabytes for its window. */
const MAX_AT_ONCE = 2
/** Content codings of one body that are undone, at most. */
const MAX_CODINGS = 3

/** Decompresses bodies in the thread pool, a few at a time, only as far as they are kept. */
export class Decompressor {
  #running = 0
  readonly #waiting: (() => void)[] = []

  /** The decompressed body; one that cannot be decompressed is returned with the name of its coding. Never rejects. */
  async decompress(body: CapturedBody, encoding: string, maxBytes: number): Promise<PlainBody> {
    const plain = plainBodyOf(body)
    const codings = codingsOf(encoding)
    if (codings.length > MAX_CODINGS) return { ...plain, encoding }
    await this.#turn()
    try {
      let { bytes, isWhole } = plain
      for (const coding of codings.reverse()) {
        const decoder = decoderOf(coding, bytes)
        if (decoder === undefined) return { ...plain, encoding }
        const output = await run(decoder, bytes, maxBytes)
        if (output.bytes.length === 0 && bytes.length > 0 && !output.isWhole)
          return { ...plain, encoding }
        bytes = output.bytes
        isWhole &&= output.isWhole
      }
      return { captured: body, bytes, isWhole }
    } finally {
      this.#running--
      this.#waiting.shift()?.()
    }
  }

  async #turn(): Promise<void> {
    if (this.#running >= MAX_AT_ONCE) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    this.#running++
  }
}

/** Whether a content coding changes the bytes. */
export function isEncoded(encoding: string | undefined): encoding is string {
  return encoding !== undefined && codingsOf(encoding).length > 0
}

function codingsOf(encoding: string): string[] {
  return encoding
    .slice(0, 200)
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
}

// A body that was cut yields what is there: the flush option prevents the error for a missing end.
function decoderOf(coding: string, bytes: Buffer): Transform | undefined {
  const lenient = { finishFlush: zlib.constants.Z_SYNC_FLUSH }
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip(lenient)
    case 'deflate':
      // Some servers send deflate without the zlib header, which browsers accept too.
      return ((bytes[0] ?? 0) & 0x0f) === 8
        ? zlib.createInflate(lenient)
        : zlib.createInflateRaw(lenient)
    case 'br':
      return zlib.createBrotliDecompress({ finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH })
    case 'zstd':
      return zstdDecoder()
    default:
      return undefined
  }
}

// From Node 22.15 and 23.8 on; the types are those of Node 20.
function zstdDecoder(): Transform | undefined {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform }
  return createZstdDecompress?.()
}

function run(
  decoder: Transform,
  input: Buffer,
  maxBytes: number,
): Promise<{ bytes: Buffer; isWhole: boolean }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    const finish = (isWhole: boolean): void => {
      decoder.destroy()
      resolve({ bytes: Buffer.concat(chunks, Math.min(length, maxBytes)), isWhole })
    }
    decoder.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length > maxBytes) finish(false)
    })
    decoder.on('end', () => finish(true))
    // Malformed from here on; what came before is kept.
    decoder.on('error', () => finish(false))
    decoder.end(input)
  })
}
