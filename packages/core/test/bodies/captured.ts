import { createHash } from 'node:crypto'
import { type CapturedBody, type DescribedBody, plainBodyOf } from '../../src/bodies/body.js'
import { describeBody } from '../../src/bodies/describe-body.js'
import type { JsonValue } from '../../src/json/json-value.js'
import { createRedactor } from '../../src/redact/redactor.js'

/** A body as a transport hands it over; of a longer one than `maxBytes` the beginning. */
export function captured(body: string | Uint8Array, maxBytes: number = 65_536): CapturedBody {
  const bytes = Buffer.from(body as string)
  return {
    bytes: bytes.subarray(0, maxBytes),
    totalBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    isWhole: true,
  }
}

/** What is recorded of a body. */
export function described(
  body: string | Uint8Array,
  contentType?: string,
  maxBytes?: number,
): DescribedBody {
  return describeBody(plainBodyOf(captured(body, maxBytes)), contentType, createRedactor())
}

/** The value that is recorded of a body. */
export function recordedOf(
  body: string | Uint8Array,
  contentType?: string,
  maxBytes?: number,
): JsonValue {
  return described(body, contentType, maxBytes).value
}
