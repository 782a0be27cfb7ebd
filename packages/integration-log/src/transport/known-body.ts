import type { CapturedBody } from '@fastify-scs/core/kit'
import type { RawHeaders } from '../call.js'
import { type BodySource, BodyTap, type Chunk } from './body-tap.js'

/** A body that was given as a short text: it can't change, so nothing is copied unless the record keeps it. */
class TextBody implements BodySource {
  readonly #text: string
  readonly #maxBytes: number

  constructor(text: string, maxBytes: number) {
    this.#text = text
    this.#maxBytes = maxBytes
  }

  captured(): CapturedBody {
    const bytes = Buffer.from(this.#text)
    return {
      bytes: bytes.subarray(0, this.#maxBytes),
      totalBytes: bytes.length,
      isWhole: true,
    }
  }
}

/** A body whose beginning is copied at once: bytes, since their owner may write to them later, and long text, not to hold it. */
class CopiedBody implements BodySource {
  readonly #tap: BodyTap

  constructor(body: Chunk, maxBytes: number, headers: RawHeaders) {
    this.#tap = new BodyTap(maxBytes, headers)
    this.#tap.add(body)
  }

  captured(): CapturedBody {
    return this.#tap.captured(true)
  }
}

/** The body of a request, when all of it is there before the first byte is sent; undefined when it has yet to pass. */
export function knownBody(
  body: unknown,
  maxBytes: number,
  headers: RawHeaders,
): BodySource | undefined {
  const all = typeof body === 'string' ? body : bytesOf(body)
  if (all === undefined || all.length === 0) return undefined
  return typeof all === 'string' && all.length <= maxBytes
    ? new TextBody(all, maxBytes)
    : new CopiedBody(all, maxBytes, headers)
}

function bytesOf(body: unknown): Uint8Array | undefined {
  if (body instanceof Uint8Array) return body
  if (body instanceof ArrayBuffer) return new Uint8Array(body)
  return ArrayBuffer.isView(body)
    ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
    : undefined
}
