import { durationText } from '../components/time-text.js'

/** One part of where a call's time went. */
export interface PhasePart {
  readonly name: PhaseKey
  readonly label: string
  readonly ms: number
  /** Of all that the bar shows, 0 to 1. */
  readonly share: number
}
export type PhaseKey =
  | 'upload'
  | 'parsing'
  | 'hooks'
  | 'outbound'
  | 'queries'
  | 'gc'
  | 'blocked'
  | 'handler'
  | 'serialization'
  | 'sending'

/** What a report of a slow or stuck call says, as far as it could be read. */
export interface SlowFacts {
  /** `slow`, `stuck` or `stuck-ended`. */
  readonly kind: string
  readonly method: string | null
  readonly route: string | null
  readonly durationMs: number
  readonly limitMs: number | null
  /** The phase that an unanswered call was in. */
  readonly phase: string | null
  readonly isAborted: boolean
  readonly parts: readonly PhasePart[]
  /** Figures that run across the phases: they belong to the process, or lie within the handler. */
  readonly figures: readonly { readonly label: string; readonly text: string }[]
}

const LABELS: Readonly<Record<PhaseKey, string>> = {
  upload: 'Waiting for the body',
  parsing: 'Parsing',
  hooks: 'Hooks and validation',
  outbound: 'Outbound calls',
  queries: 'Queries',
  gc: 'Garbage collection',
  blocked: 'Event loop held up',
  handler: 'Handler',
  serialization: 'Serialization',
  sending: 'Sending',
}

/** Reads the data of a slow call's report; undefined where it is none. */
export function slowFactsOf(data: unknown): SlowFacts | undefined {
  const report = objectOf(data)
  const phases = objectOf(report?.phases)
  const durationMs = numberOf(report?.durationMs)
  if (report === undefined || phases === undefined || durationMs === undefined) return undefined
  return {
    kind: textOf(report.kind) ?? 'slow',
    method: textOf(report.method) ?? null,
    route: textOf(report.route) ?? null,
    durationMs,
    limitMs: numberOf(report.limitMs) ?? null,
    phase: textOf(report.phase) ?? null,
    isAborted: report.isAborted === true,
    parts: partsOf(phases, report),
    figures: figuresOf(report),
  }
}

/**
 * The handler's time is split further: what its outbound calls, its queries, garbage collection and the delayed event loop explain is shown apart. These
 * can overlap in truth, so each takes only what the ones before it have left of the handler.
 */
function partsOf(phases: Fields, report: Fields): readonly PhasePart[] {
  const handlerMs = numberOf(phases.handlerMs) ?? 0
  const outboundMs = Math.min(handlerMs, numberOf(objectOf(report.outbound)?.totalMs) ?? 0)
  const queriesMs = Math.min(
    handlerMs - outboundMs,
    numberOf(objectOf(report.queries)?.totalMs) ?? 0,
  )
  const gcMs = Math.min(handlerMs - outboundMs - queriesMs, gcMsOf(report.gc))
  const heldUpMs = numberOf(objectOf(report.eventLoop)?.maxDelayMs) ?? 0
  const leftMs = handlerMs - outboundMs - queriesMs - gcMs
  // Delays of a few milliseconds are the timer's own; they explain nothing.
  const blockedMs = heldUpMs < SMALL_DELAY_MS ? 0 : Math.min(leftMs, Math.max(0, heldUpMs - gcMs))
  const all: readonly (readonly [PhaseKey, number])[] = [
    ['upload', numberOf(phases.uploadMs) ?? 0],
    ['parsing', numberOf(phases.parsingMs) ?? 0],
    ['hooks', numberOf(phases.hooksMs) ?? 0],
    ['outbound', outboundMs],
    ['queries', queriesMs],
    ['gc', gcMs],
    ['blocked', blockedMs],
    ['handler', leftMs - blockedMs],
    ['serialization', numberOf(phases.serializationMs) ?? 0],
    ['sending', numberOf(phases.sendingMs) ?? 0],
  ]
  const shown = all.filter(([, ms]) => ms >= SMALLEST_MS)
  const totalMs = shown.reduce((sum, [, ms]) => sum + ms, 0)
  return shown.map(([name, ms]) => ({ name, label: LABELS[name], ms, share: ms / totalMs }))
}

const SMALL_DELAY_MS = 20
const SMALLEST_MS = 0.05

function figuresOf(report: Fields): SlowFacts['figures'] {
  const figures: { label: string; text: string }[] = []
  const loop = objectOf(report.eventLoop)
  const maxDelayMs = numberOf(loop?.maxDelayMs)
  const utilization = numberOf(loop?.utilization)
  if (maxDelayMs !== undefined)
    figures.push({ label: 'Event loop delay, at most', text: durationText(maxDelayMs) })
  if (utilization !== undefined)
    figures.push({ label: 'Event loop busy', text: `${Math.round(utilization * 100)} %` })
  const gc = objectOf(report.gc)
  if (gc !== undefined)
    figures.push({ label: 'Garbage collection', text: durationText(gcMsOf(gc)) })
  const outbound = objectOf(report.outbound)
  if (Array.isArray(outbound?.calls))
    figures.push({
      label: 'Outbound calls',
      text: `${outbound.calls.length}, ${durationText(numberOf(outbound.totalMs) ?? 0)}`,
    })
  const queries = objectOf(report.queries)
  const count = numberOf(queries?.count)
  if (count !== undefined)
    figures.push({
      label: 'Queries',
      text: `${count}, ${durationText(numberOf(queries?.totalMs) ?? 0)}`,
    })
  const inFlight = numberOf(report.inFlightAtStart)
  if (inFlight !== undefined)
    figures.push({ label: 'Calls running at its arrival', text: String(inFlight) })
  const occurrence = numberOf(report.occurrence)
  if (occurrence !== undefined)
    figures.push({ label: 'Such calls of its route', text: `${occurrence}, with this one` })
  return figures
}

type Fields = Readonly<Record<string, unknown>>

function gcMsOf(gc: unknown): number {
  return numberOf(objectOf(gc)?.totalMs) ?? 0
}

function objectOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : undefined
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
