import { createHash } from 'node:crypto'
import { type JsonLimits, type JsonValue, toJsonValue } from '../json-value.js'
import type { Redactor } from '../redact/redactor.js'
import { type DescribedBody, plainBodyOf } from './body.js'
import { describeBody } from './describe-body.js'

/** Values in all, objects and lists included. */
const MAX_NODES = 10_000

/**
 * What is recorded of a value that the application hands over: a redacted copy, bounded. Text that holds JSON is recorded
 * as what it holds, bytes by the content type when there is one. Never throws.
 */
export function describeValue(
  value: unknown,
  redactor: Redactor,
  maxBytes: number,
  contentType?: string,
): DescribedBody {
  if (value === undefined || value === null) return { value: null, isTruncated: false }
  if (value instanceof URLSearchParams)
    return boundedData(redactor.form(value.toString()), maxBytes)
  if (typeof value === 'string' || value instanceof Uint8Array)
    return describeRaw(value, redactor, maxBytes, contentType)
  return boundedData(redactor.value(value), maxBytes)
}

function describeRaw(
  value: string | Uint8Array,
  redactor: Redactor,
  maxBytes: number,
  contentType: string | undefined,
): DescribedBody {
  const isText = typeof value === 'string'
  const bytes = isText
    ? Buffer.from(value.slice(0, maxBytes))
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  const totalBytes = isText ? Buffer.byteLength(value) : bytes.length
  const kept = bytes.subarray(0, maxBytes)
  const isWhole = kept.length === totalBytes
  const sha256 = isText || !isWhole ? {} : { sha256: sha256Of(bytes) }
  const captured = { bytes: kept, totalBytes, isWhole, ...sha256 }
  // The text of a JavaScript string has no other charset, whatever the header says.
  const type = isText ? contentType?.replace(/;\s*charset=[^;]*/i, '') : contentType
  return describeBody(plainBodyOf(captured), type, redactor)
}

/** Cuts redacted data to a size; a marker stands where something is missing. */
export function boundedData(value: JsonValue, maxBytes: number): DescribedBody {
  if (sizeOf(value, maxBytes) <= maxBytes) return { value, isTruncated: false }
  const limits: JsonLimits = {
    maxDepth: 32,
    maxNodes: MAX_NODES,
    maxStringBytes: maxBytes,
    maxTotalBytes: maxBytes,
  }
  return { value: toJsonValue(value, limits), isTruncated: true }
}

/** About how long the JSON text of a value is, in characters; looks no further once it is over the limit. */
function sizeOf(value: JsonValue, limit: number): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 4
  let size = 2
  for (const key in value) {
    const item = (value as Record<string, JsonValue>)[key] ?? null
    size += (Array.isArray(value) ? 1 : key.length) + sizeOf(item, limit - size)
    if (size > limit) break
  }
  return size
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
