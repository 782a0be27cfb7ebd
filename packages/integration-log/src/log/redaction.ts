import type { Redactor } from '@fastify-scs/core'
import { BoundedMap, beginningOf, leftOut, type WorkBudget } from '@fastify-scs/core/kit'
import { MAX_HEADERS, MAX_VALUE_BYTES, type RawHeaders, textOf } from '../raw-headers.js'
import type { RecordedHeaders } from '../record.js'
import type { ResolvedService } from '../service-options.js'

/** Headers as they are recorded. */
export interface DescribedHeaders {
  readonly value: RecordedHeaders
  /** Whether some are missing or cut. */
  readonly isTruncated: boolean
}

/** Headers as they are recorded. */
export function recordHeaders(
  given: RawHeaders,
  redactor: Redactor,
  budget?: WorkBudget,
): DescribedHeaders {
  const { headers, isTruncated } = boundHeaders(given)
  // Without a prototype, since a header may be called `__proto__`.
  const joined = Object.create(null) as Record<string, string | string[]>
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = textOf(headers[at]).toLowerCase()
    const value = textOf(headers[at + 1])
    const known = joined[name]
    if (known === undefined) joined[name] = value
    else if (Array.isArray(known)) known.push(value)
    else joined[name] = [known, value]
  }
  return { value: redactor.headers(joined, budget), isTruncated }
}

/** How many header values are remembered, and how long they may be: `timeout=72`, `application/json; charset=utf-8`. */
const MAX_REMEMBERED = 256
const MAX_REMEMBERED_CHARS = 128

/**
 * Records the headers of many calls. It remembers the last value of each header in which the redactor found nothing, since
 * most headers come with every call as they came with the one before.
 */
export class HeaderRecorder {
  readonly #redactor: Redactor
  readonly #clean = new BoundedMap<string, string>(MAX_REMEMBERED)

  constructor(redactor: Redactor) {
    this.#redactor = redactor
  }

  /** The same as `recordHeaders`. */
  record(given: RawHeaders, budget: WorkBudget): DescribedHeaders {
    const { headers, isTruncated } = boundHeaders(given)
    const value: Record<string, string | string[]> = {}
    let unknown: Record<string, string> | undefined
    for (let at = 0; at + 1 < headers.length; at += 2) {
      const name = textOf(headers[at]).toLowerCase()
      // A repeated header becomes a list, and `__proto__` cannot be set on a plain object.
      if (value[name] !== undefined) return recordHeaders(given, this.#redactor, budget)
      const text = textOf(headers[at + 1])
      value[name] = text
      if (this.#clean.get(name) === text) continue
      unknown ??= {}
      unknown[name] = text
    }
    if (unknown !== undefined) this.#redact(value, unknown, budget)
    return { value, isTruncated }
  }

  #redact(
    value: Record<string, string | string[]>,
    unknown: Readonly<Record<string, string>>,
    budget: WorkBudget,
  ): void {
    const redacted = this.#redactor.headers(unknown, budget)
    for (const name in redacted) {
      const text = redacted[name] as string
      value[name] = text
      const isClean = text === unknown[name]
      if (isClean && text.length <= MAX_REMEMBERED_CHARS) this.#clean.set(name, text)
    }
  }
}

/** Bytes of names and values kept of one message; twice what Node and undici accept by default. */
export const MAX_HEADER_BYTES = 32_768

/** Name of the marker for headers that are left out; no real header can have it. */
const MORE = ['[truncated]', '[truncated: more headers]'] as const

/** Headers that are small enough to be redacted. */
export interface BoundedHeaders {
  readonly headers: RawHeaders
  /** Whether some are missing or cut. */
  readonly isTruncated: boolean
}

/**
 * The headers kept of a message, chosen by size before any is read. A value that is too long is dropped whole:
 * its beginning might be half of a secret that the redactor would not recognise.
 */
export function boundHeaders(headers: RawHeaders): BoundedHeaders {
  if (areUsual(headers)) return { headers, isTruncated: false }
  const kept: (string | Buffer)[] = []
  let bytes = 0
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = keptOf(headers[at] ?? '')
    const value = keptOf(headers[at + 1] ?? '')
    bytes += name.length + value.length
    if (kept.length >= 2 * MAX_HEADERS || bytes > MAX_HEADER_BYTES) {
      kept.push(...MORE)
      break
    }
    kept.push(name, value)
  }
  return { headers: kept, isTruncated: true }
}

/** Whether all headers fit, which is nearly always so; then no list is made. */
function areUsual(headers: RawHeaders): boolean {
  if (headers.length > 2 * MAX_HEADERS) return false
  let bytes = 0
  for (let at = 0; at < headers.length; at++) {
    const { length } = headers[at] ?? ''
    if (length > MAX_VALUE_BYTES) return false
    bytes += length
  }
  return bytes <= MAX_HEADER_BYTES
}

function keptOf(part: string | Buffer): string | Buffer {
  return part.length <= MAX_VALUE_BYTES ? part : `[truncated: ${part.length} bytes]`
}

/** Characters of a URL that are kept. */
const MAX_LENGTH = 8_192

/** A URL as it is recorded: redacted before it is cut, so that no cut separates a secret from its name. */
export function recordUrl(url: string, redactor: Redactor, budget?: WorkBudget): string {
  const redacted = redactor.url(url, budget)
  if (redacted.length <= MAX_LENGTH) return redacted
  const kept = beginningOf(redacted, MAX_LENGTH)
  return kept + leftOut(Buffer.byteLength(redacted.slice(kept.length)))
}

/** One for requests and one for answers, since their values differ. */
export interface HeaderRecorders {
  readonly sent: HeaderRecorder
  readonly received: HeaderRecorder
}

/** The redactor of each service: the app's, extended where the service has `redact` or `keep`. */
export class ServiceRedactors {
  readonly #app: Redactor
  readonly #byService = new Map<string, Redactor>()
  readonly #recorders = new Map<Redactor, HeaderRecorders>()

  constructor(app: Redactor, services: Iterable<ResolvedService>) {
    this.#app = app
    for (const { name, redact, keep } of services) {
      const { keys = [], headers = [] } = redact
      if (keys.length + headers.length + keep.length === 0) continue
      this.#byService.set(name, app.extend({ keys, headers, keep }))
    }
  }

  /** The redactor of a service; the app's for one that is not declared. */
  of(service: string | undefined): Redactor {
    return (service === undefined ? undefined : this.#byService.get(service)) ?? this.#app
  }

  /** What records the headers of a service's calls. */
  headersOf(service: string | undefined): HeaderRecorders {
    const redactor = this.of(service)
    const known = this.#recorders.get(redactor)
    if (known !== undefined) return known
    const made = { sent: new HeaderRecorder(redactor), received: new HeaderRecorder(redactor) }
    this.#recorders.set(redactor, made)
    return made
  }
}
