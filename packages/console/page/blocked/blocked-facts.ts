import { fieldsOf, listOf, numberOf, textOf, textsOf } from '../records/fields.js'
import { readTree, type StackFrame } from './stack-frames.js'

/** A call that was unanswered meanwhile. */
export interface UnansweredCall {
  readonly endpoint: string
  readonly requestId: string | undefined
  readonly ageMs: number | undefined
}

/** What a report of a blocked event loop says, as far as it could be read. */
export interface BlockedFacts {
  readonly blockedMs: number
  readonly limitMs: number | undefined
  /** When the loop was last seen alive, in milliseconds since 1970. */
  readonly since: number | undefined
  /** Whether the process ended before the loop went on. */
  readonly isProcessEnded: boolean
  /** Method and route pattern of the request whose code ran. */
  readonly endpoint: string | undefined
  readonly url: string | undefined
  readonly requestId: string | undefined
  readonly inFlight: readonly UnansweredCall[]
  readonly openCalls: readonly unknown[]
  /** What the stack cannot say, in a sentence. */
  readonly note: string | undefined
  readonly samples: number
  readonly suppressed: number
  readonly tree: readonly StackFrame[]
  readonly stack: readonly string[]
}

/** Reads the data of a report of a blocked event loop; undefined where it is none. */
export function blockedFactsOf(data: unknown): BlockedFacts | undefined {
  const report = fieldsOf(data)
  const blockedMs = numberOf(report?.blockedMs)
  if (report === undefined || blockedMs === undefined) return undefined
  const since = Date.parse(textOf(report.since) ?? '')
  const place = [textOf(report.method), textOf(report.route)].filter((part) => part !== undefined)
  return {
    blockedMs,
    limitMs: numberOf(report.limitMs),
    since: Number.isNaN(since) ? undefined : since,
    isProcessEnded: report.end === 'process-ended',
    endpoint: place.length === 0 ? undefined : place.join(' '),
    url: textOf(report.url),
    requestId: textOf(report.requestId),
    inFlight: listOf(report.inFlight)
      .map(unansweredCall)
      .filter((each) => each !== undefined),
    openCalls: listOf(report.openCalls),
    note: textOf(report.note),
    samples: numberOf(report.samples) ?? 0,
    suppressed: numberOf(report.suppressed) ?? 0,
    tree: readTree(report.tree),
    stack: textsOf(report.stack),
  }
}

function unansweredCall(value: unknown): UnansweredCall | undefined {
  const call = fieldsOf(value)
  const endpoint = textOf(call?.endpoint)
  if (endpoint === undefined) return undefined
  return { endpoint, requestId: textOf(call?.requestId), ageMs: numberOf(call?.ageMs) }
}
