import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { UNREADABLE } from '../json/json-leaves.js'
import type { JsonLimits, JsonValue } from '../json/json-value.js'
import { toJsonValue } from '../json/to-json-value.js'
import type { Redactor } from '../redact/redactor.js'
import { WorkBudget } from '../redact/work-budget.js'
import { type DescribedBody, leftOut, plainBodyOf } from './body.js'
import { describeBody } from './describe-body.js'

/** Values in total, including objects and lists. */
const MAX_NODES = 10_000
/** A larger document may have an object with so many keys that V8 takes more than 20 ms to list them (0.2 us for each). */
const MAX_PARSED_BYTES = 1_048_576
/** V8 joins a text of many chunks when it is first read, which takes 1 to 2 ms for each megabyte. */
const MAX_TEXT_CHARS = 4_194_304

/** The markers with which the redactor ends a text that it has cut. */
const CUT_MARKER = /\[truncated: (?:\d+ (?:bytes|items)|too deep|bigint)\]$/
/** No such marker is longer, in characters. */
const CUT_MARKER_CHARS = 40
/** The key of the marker for keys that were left out. */
const CUT_KEY = '[truncated]'

/** Options of `describeValue`. */
export interface DescribeOptions {
  /** Bytes of the value that are kept. */
  readonly maxBytes: number
  /** The content type of text and bytes. */
  readonly contentType?: string | undefined
  /** Size on the wire, for a body that Fastify has parsed. */
  readonly wireSize?: WireSize
  /** The work budget, which all calls for one request can share. @default a new budget */
  readonly budget?: WorkBudget
}

/**
 * Makes a redacted copy of a value, limited in size. Text that is JSON is parsed; bytes are described by the content type, if there
 * is one. Never throws, and reads no more of the value than it shows.
 */
export function describeValue(
  value: unknown,
  redactor: Redactor,
  options: DescribeOptions,
): DescribedBody {
  try {
    return describe(value, redactor, options)
  } catch {
    // A Proxy whose trap throws, or a revoked one: not even `instanceof` works.
    return { value: UNREADABLE, isTruncated: false }
  }
}

function describe(
  value: unknown,
  redactor: Redactor,
  { maxBytes, contentType, wireSize, budget = new WorkBudget() }: DescribeOptions,
): DescribedBody {
  if (value === undefined || value === null) return { value: null, isTruncated: false }
  if (typeof value === 'string' || value instanceof Uint8Array)
    return describeRaw(value, redactor, maxBytes, contentType, budget)
  if (value instanceof URLSearchParams)
    return boundedData(redactor.form(formText(value, maxBytes), budget), maxBytes)
  if (wireSize === undefined) return redactedData(redactor.value(value, budget), maxBytes)
  if (wireSize.maxBytes > MAX_PARSED_BYTES && typeof value === 'object')
    return { value: tooLarge(wireSize), isTruncated: true }
  return redactedData(markInexact(redactor.value(value, budget)), maxBytes)
}

/** The redactor has limits too; its markers show whether it has cut something. */
function redactedData(value: JsonValue, maxBytes: number): DescribedBody {
  const described = boundedData(value, maxBytes)
  return described.isTruncated ? described : { value, isTruncated: isCut(value) }
}

function isCut(value: JsonValue): boolean {
  if (typeof value === 'string')
    return value.endsWith(']') && CUT_MARKER.test(value.slice(-CUT_MARKER_CHARS))
  if (typeof value !== 'object' || value === null) return false
  for (const key in value)
    if (key === CUT_KEY || isCut((value as Record<string, JsonValue>)[key] ?? null)) return true
  return false
}

function tooLarge({ maxBytes, isExact }: WireSize): string {
  return isExact ? leftOut(maxBytes) : '[truncated: perhaps more than 1 MiB]'
}

function describeRaw(
  value: string | Uint8Array,
  redactor: Redactor,
  maxBytes: number,
  contentType: string | undefined,
  budget: WorkBudget,
): DescribedBody {
  if (typeof value !== 'string') {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    const kept = bytes.subarray(0, maxBytes)
    const isWhole = kept.length === bytes.length
    const sha256 = isWhole ? { sha256: createHash('sha256').update(bytes).digest('hex') } : {}
    const captured = { bytes: kept, totalBytes: bytes.length, isWhole, ...sha256 }
    return describeBody(plainBodyOf(captured), contentType, redactor, budget)
  }
  if (value.length > MAX_TEXT_CHARS) return { value: leftOut(value.length), isTruncated: true }
  const bytes = Buffer.from(value.slice(0, maxBytes)).subarray(0, maxBytes)
  const totalBytes = Buffer.byteLength(value)
  const captured = { bytes, totalBytes, isWhole: bytes.length === totalBytes }
  // A JavaScript string is already decoded, whatever charset the header names.
  const type = contentType?.replace(/;\s*charset=[^;]*/i, '')
  return describeBody(plainBodyOf(captured), type, redactor, budget)
}

/** The text of a form, up to the parameter that exceeds the limit. */
function formText(form: URLSearchParams, maxBytes: number): string {
  const pairs: [string, string][] = []
  let chars = 0
  for (const [name, value] of form) {
    pairs.push([name, value])
    chars += name.length + value.length
    if (chars > maxBytes) break
  }
  return new URLSearchParams(pairs).toString()
}

/** Cuts redacted data to a size, with markers in place of what is left out. */
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

/** The approximate length of a value's JSON text, in characters. Stops counting beyond the limit. */
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

/**
 * Replaces integers above 2^53 in the data of a parsed body by a marker: `[inexact: 1e+21]`. The parser may have rounded them, so
 * it is unknown which number was sent. Changes the data in place.
 */
export function markInexact(value: JsonValue): JsonValue {
  if (typeof value === 'number') return isInexact(value) ? `[inexact: ${value}]` : value
  if (typeof value !== 'object' || value === null) return value
  const holder = value as Record<string | number, JsonValue>
  for (const key in holder) {
    const item = holder[key]
    if (typeof item === 'object' && item !== null) markInexact(item)
    else if (typeof item === 'number' && isInexact(item)) holder[key] = markInexact(item)
  }
  return value
}

function isInexact(value: number): boolean {
  return (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) && value % 1 === 0
}

/** The size of a body on the wire. */
export interface WireSize {
  /** The size in bytes, or an upper limit of it. */
  readonly maxBytes: number
  /** Whether `maxBytes` is the exact size. */
  readonly isExact: boolean
}

/** The size of a request's body on the wire, from its headers and its connection. */
export function wireSizeOf({ headers, raw, routeOptions }: FastifyRequest): WireSize {
  const isEncoded = headers['content-encoding'] !== undefined
  const announced = Number(headers['content-length'] ?? Number.NaN)
  if (!isEncoded && announced >= 0) return { maxBytes: announced, isExact: true }
  // Chunked or compressed: at most the body limit of the route and, if not compressed, the bytes that the connection has received.
  const allowed = routeOptions.bodyLimit ?? Number.POSITIVE_INFINITY
  const received = isEncoded ? undefined : raw.socket?.bytesRead
  return { maxBytes: Math.min(allowed, received ?? Number.POSITIVE_INFINITY), isExact: false }
}
