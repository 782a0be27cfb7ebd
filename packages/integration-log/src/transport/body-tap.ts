import { createHash, type Hash } from 'node:crypto'
import type { CapturedBody } from '@fastify-scs/core/kit'
import { formOf, isObject, parseContentType } from '@fastify-scs/core/kit'
import { headerOf, type RawHeaders } from '../raw-headers.js'

/** A chunk of a body. */
export type Chunk = Uint8Array | string

/** A captured body, or the beginning of one. */
export interface BodySource {
  /** @param isWhole Whether the end was seen. */
  captured(isWhole: boolean): CapturedBody
}

/**
 * Copies the first bytes of a body while they pass, and counts the rest.
 *
 * Chunks are copied, not kept: a chunk of one byte may keep the socket's whole 64 KiB buffer in memory, and the application may
 * write to it. The copy grows as the body does, so that a small body costs one small allocation.
 */
export class BodyTap implements BodySource {
  readonly #maxBytes: number
  readonly #announcedBytes: number
  readonly #contentType: string | undefined
  #bytes: Buffer | undefined
  #keptBytes = 0
  #totalBytes = 0
  /** Null for a body that is not hashed; undefined as long as the body fits and can be hashed at its end. */
  #hash: Hash | null | undefined

  /**
   * @param maxBytes Bytes to keep.
   * @param headers The headers that announce the body.
   */
  constructor(maxBytes: number, headers: RawHeaders) {
    this.#maxBytes = maxBytes
    // The headers are not kept: their bytes are part of the socket's buffer.
    this.#announcedBytes = announcedBytes(headers)
    this.#contentType = headerOf(headers, 'content-type')
  }

  /** Whether nothing has passed. */
  get isEmpty(): boolean {
    return this.#totalBytes === 0
  }

  add(chunk: Chunk): void {
    const chunkBytes = typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.byteLength
    if (this.#totalBytes + chunkBytes > this.#maxBytes) this.#addToHash(chunk)
    const room = this.#maxBytes - this.#keptBytes
    if (room > 0) this.#keep(chunk, room)
    this.#totalBytes += chunkBytes
  }

  captured(isWhole: boolean): CapturedBody {
    const bytes = this.#bytes?.subarray(0, this.#keptBytes) ?? Buffer.alloc(0)
    const body = { bytes, totalBytes: this.#totalBytes, isWhole }
    if (!isWhole || this.#hash === null) return body
    if (this.#hash !== undefined) return { ...body, sha256: this.#hash.digest('hex') }
    if (!isBinary(this.#contentType)) return body
    return { ...body, sha256: createHash('sha256').update(bytes).digest('hex') }
  }

  /** Only a body that does not fit is hashed as it passes; until then all of it is kept. */
  #addToHash(chunk: Chunk): void {
    if (this.#hash === undefined) {
      this.#hash = isBinary(this.#contentType) ? createHash('sha256') : null
      const kept = this.#bytes?.subarray(0, this.#keptBytes)
      if (kept !== undefined) this.#hash?.update(kept)
    }
    this.#hash?.update(chunk)
  }

  #keep(chunk: Chunk, room: number): void {
    // A code unit is at least one byte, so that many suffice; one more, so as not to split a surrogate pair.
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk.slice(0, room + 1)) : chunk
    const kept = bytes.byteLength > room ? bytes.subarray(0, room) : bytes
    const endsAt = this.#keptBytes + kept.byteLength
    this.#makeRoom(endsAt).set(kept, this.#keptBytes)
    this.#keptBytes = endsAt
  }

  #makeRoom(neededBytes: number): Buffer {
    const old = this.#bytes
    if (old !== undefined && old.length >= neededBytes) return old
    const wished = old === undefined ? this.#announcedBytes : old.length * 2
    const grown = Buffer.allocUnsafe(Math.min(this.#maxBytes, Math.max(neededBytes, wished)))
    if (old !== undefined) grown.set(old.subarray(0, this.#keptBytes))
    this.#bytes = grown
    return grown
  }
}

/** Whether a body of this content type is recorded by its checksum, not as text. */
function isBinary(contentType: string | undefined): boolean {
  // The most common type needs no parsing.
  if (contentType === undefined || contentType.startsWith('application/json')) return false
  return formOf(parseContentType(contentType)) === 'binary'
}

/** The announced length in bytes, or 0 without a valid one. */
function announcedBytes(headers: RawHeaders): number {
  const bytes = Number(headerOf(headers, 'content-length') ?? 0)
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : 0
}

/** A body that was given as a short string: strings do not change, so it is copied only if the record keeps it. */
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

/** A body whose beginning is copied at once: bytes, since their owner may overwrite them, and long text, so as not to keep it in memory. */
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

/** The body of a request that is complete before the first byte is sent; undefined for a stream. */
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

type Chunks = AsyncIterable<unknown>

/** Gets the chunks of a request's body, and its end. */
interface ChunkListener {
  chunkSent(chunk: Chunk): void
  requestSent(): void
}

/**
 * Whether a body is an asynchronous iterable and nothing more, as the body of every fetch is. A stream is not: undici treats it
 * by its events.
 */
export function isPlainIterable(body: unknown): body is Chunks {
  if (!isObject(body) || !(Symbol.asyncIterator in body)) return false
  return !('pipe' in body) && !('getReader' in body) && !('stream' in body)
}

/** The same chunks at the same pace, reported to the exchange as they pass. */
export function tappedIterable(body: Chunks, exchange: ChunkListener): Chunks {
  return {
    [Symbol.asyncIterator]: () => {
      const chunks = body[Symbol.asyncIterator]()
      const end = chunks.return?.bind(chunks)
      return {
        next: async () => {
          const step = await chunks.next()
          tell(exchange, step)
          return step
        },
        ...(end === undefined ? undefined : { return: end }),
      }
    },
  }
}

function tell(exchange: ChunkListener, step: IteratorResult<unknown>): void {
  if (step.done === true) exchange.requestSent()
  else if (typeof step.value === 'string' || step.value instanceof Uint8Array) {
    exchange.chunkSent(step.value)
  }
}
