import type { BlockedReport, OpenCall } from './blocked-report.js'
import { isOwnFrame, nameOf, stackLineOf } from './frames.js'
import type { Block, Sample, SampledFrame, SeenRequest } from './protocol.js'
import { stackTree } from './stack-tree.js'

/** Calls in flight that a report names. */
export const MAX_IN_FLIGHT = 20

const NO_SAMPLE =
  'No stack could be taken: native code or garbage collection held the event loop, or the process got no processor, and no JavaScript of the application ran before the loop went on.'
/** A block in which no JavaScript was seen and less of the time was spent computing was none: the process was kept from running. */
const LEAST_CPU_SHARE = 0.3
const NO_OWN_FRAME =
  'Native code held the event loop, and had returned to the application before the stack could be taken: the place is that of the handler.'
const LATE =
  'Native code held the event loop: the stack is that of the moment when it had returned, so the line may be one that follows the call.'

/** What a report is made of, beside the block. */
export interface BlockSource {
  readonly limitMs: number
  readonly end: BlockedReport['end']
  /** Folders whose frames are not the application's. */
  readonly notOwn: readonly string[]
}

/** A report without what is only known of a request that is still at hand, and what tells its place from others. */
export interface BlockFinding {
  readonly report: BlockedReport
  /** Whether nothing held the loop: the process was not given a processor. */
  readonly isStarved: boolean
  /** The request that most samples have. */
  readonly request: SeenRequest | undefined
  /** The route and the application's innermost function. */
  readonly place: string
  /** All of the application's functions on the stack. */
  readonly way: string
}

/** Makes the report of a block. */
export function findingOf(block: Block, { limitMs, end, notOwn }: BlockSource): BlockFinding {
  const samples = block.samples.filter((sample) => !isBetweenTurns(sample, notOwn))
  const request = requestOf(samples)
  const main = mainSample(samples, notOwn)
  const own = main?.frames.filter((frame) => isOwnFrame(frame, notOwn)) ?? []
  const isBesideHandler = own.length === 0 && main?.handler != null
  const frames = isBesideHandler ? [main.handler as SampledFrame] : (main?.frames ?? [])
  const placed = isBesideHandler ? frames : own
  const names = (placed.length > 0 ? placed : frames).map(
    (frame) => `${nameOf(frame)} ${frame.url}`,
  )
  const endpoint = request?.endpoint
  const report: BlockedReport = {
    kind: 'blocked',
    title: titleOf(endpoint, block.blockedMs, end),
    since: new Date(block.since).toISOString(),
    blockedMs: Math.round(block.blockedMs),
    limitMs,
    end,
    method: request?.method ?? null,
    route: request?.route ?? null,
    url: null,
    requestId: request?.requestId ?? null,
    inFlight: inFlightOf(samples),
    openCalls: [],
    samples: samples.length,
    tree: stackTree(isBesideHandler ? samples.map(atHandler) : samples, notOwn),
    stack: frames.map(stackLineOf),
    suppressed: 0,
    note: noteOf(main, isBesideHandler),
  }
  // A function that calls itself is there more often at one time than at another.
  const way = names.filter((name, at) => name !== names[at - 1]).join('\n')
  // A stack that came late is that of whatever ran first when there was a processor again.
  const hasNothingOfUse = main === undefined || (own.length === 0 && main.isLate)
  const isStarved =
    hasNothingOfUse && block.cpuMs !== null && block.cpuMs < block.blockedMs * LEAST_CPU_SHARE
  return { report, isStarved, request, place: `${endpoint ?? ''}\n${names[0] ?? ''}`, way }
}

function titleOf(endpoint: string | undefined, ms: number, end: BlockedReport['end']): string {
  const what =
    endpoint === undefined ? 'The event loop was blocked' : `${endpoint} blocked the event loop`
  const forMs = `for ${Math.round(ms)} millisec`
  return end === 'ended'
    ? `${what} ${forMs}!`
    : `${what} ${forMs} or more, until the process ended!`
}

function noteOf(main: Sample | undefined, isBesideHandler: boolean): string | null {
  if (main === undefined) return NO_SAMPLE
  if (isBesideHandler) return NO_OWN_FRAME
  return main.isLate ? LATE : null
}

function atHandler(sample: Sample): Sample {
  return sample.handler === null ? sample : { ...sample, frames: [sample.handler] }
}

/** Whether the stack is that of a loop that goes on, in a timer of this package or in none of anybody: it was taken too late. */
function isBetweenTurns({ frames }: Sample, notOwn: readonly string[]): boolean {
  if (!/^node:internal\/(?:timers|process)/.test(frames.at(-1)?.url ?? '')) return false
  return frames.every(
    ({ url }) => url.startsWith('node:') || notOwn.some((folder) => url.startsWith(folder)),
  )
}

/** The request that most samples name. */
function requestOf(samples: readonly Sample[]): SeenRequest | undefined {
  const seen = samples.flatMap(({ look }) => look?.request ?? [])
  return mostFrequent(seen, ({ key, requestId }) => `${key} ${requestId}`)
}

/** A sample with the stack that most have; one that was taken in time, and with frames of the application, before any other. */
function mainSample(samples: readonly Sample[], notOwn: readonly string[]): Sample | undefined {
  const hasOwn = ({ frames }: Sample): boolean => frames.some((frame) => isOwnFrame(frame, notOwn))
  const own = samples.filter(hasOwn)
  const inTime = own.filter(({ isLate }) => !isLate)
  const best = inTime.length > 0 ? inTime : own.length > 0 ? own : samples
  return mostFrequent(best, ({ frames }) => frames.map(stackLineOf).join('\n'))
}

function inFlightOf(samples: readonly Sample[]): OpenCall[] {
  const last = samples.findLast(({ look }) => look !== null)
  return (last?.look?.inFlight ?? []).slice(0, MAX_IN_FLIGHT)
}

function mostFrequent<Value>(
  values: readonly Value[],
  keyOf: (value: Value) => string,
): Value | undefined {
  const counts = new Map<string, { value: Value; count: number }>()
  for (const value of values) {
    const key = keyOf(value)
    const known = counts.get(key)
    if (known === undefined) counts.set(key, { value, count: 1 })
    else known.count++
  }
  return [...counts.values()].sort((one, other) => other.count - one.count)[0]?.value
}
