import type { JsonValue } from '@fastify-scs/core'
import { toJsonValue } from '@fastify-scs/core/kit'

/** Longest stack trace that a report keeps, in bytes. */
export const MAX_TRACE_BYTES = 16_384

/** Longest message, URL or other single text that a report keeps, in bytes. */
export const MAX_TEXT_BYTES = 2_048

/** Most that a report keeps of the headers, the query and the params, each, in bytes. */
export const MAX_PART_BYTES = 16_384

/** Most that a report keeps of what one plugin knows of the request, in bytes: 200 queries have their place. */
export const MAX_FACT_BYTES = 65_536

/** Values that a report keeps of what one plugin knows. */
export const MAX_FACT_NODES = 8_000

const MAX_GIVEN_LINES = 100
const MAX_DEPTH = 16
const MAX_NODES = 2_000

/** Cuts JSON data to a number of bytes and values; what is cut is marked. */
export function capped(
  value: JsonValue,
  maxBytes: number,
  maxNodes: number = MAX_NODES,
): JsonValue {
  return toJsonValue(value, {
    maxDepth: MAX_DEPTH,
    maxNodes,
    maxStringBytes: maxBytes,
    maxTotalBytes: maxBytes,
  })
}

/** Cuts a text to a number of bytes. */
export function cappedText(text: string, maxBytes: number = MAX_TEXT_BYTES): string {
  // No character takes more than three bytes for each of its code units.
  return text.length * 3 <= maxBytes ? text : String(capped(text, maxBytes))
}

/** The lines of a stack trace, cut. */
export function traceLines(stack: string, maxBytes: number = MAX_TRACE_BYTES): string[] {
  return cappedText(stack, maxBytes).split('\n')
}

/** The lines of a stack trace that is given as such, cut. */
export function givenTraceLines(
  trace: readonly string[],
  redact: (text: string) => string,
): string[] {
  return trace.length === 0 ? [] : traceLines(redact(trace.slice(0, MAX_GIVEN_LINES).join('\n')))
}
