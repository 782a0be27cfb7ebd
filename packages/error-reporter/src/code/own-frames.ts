import type { CauseReport, CrashReport } from '../report/crash-report.js'
import { placeOfFrame } from './frame-place.js'
import { isOfPackage, pathInside } from './inside-root.js'
import type { FramePlace } from './protocol.js'

/** Places of one report whose code is read. */
export const MAX_PLACES = 20

/** Lines of one report's traces that are looked at. */
const MAX_TRACE_LINES = 300

/** A frame of the application. */
export interface OwnFrame {
  /** The line of the trace. */
  readonly frame: string
  readonly place: FramePlace
  /** Differs for another place. */
  readonly key: string
}

/** The application's own frames of a report, each place once: of its trace, of the call of `reportError`, then of its causes. */
export function ownFramesOf(report: CrashReport, roots: readonly string[]): readonly OwnFrame[] {
  const frames = new Map<string, OwnFrame>()
  let left = MAX_TRACE_LINES
  for (const trace of tracesOf(report)) {
    for (const frame of trace) {
      if (left-- <= 0 || frames.size >= MAX_PLACES) return [...frames.values()]
      // Most lines of most traces are those of packages.
      if (isOfPackage(frame)) continue
      const place = placeOfFrame(frame)
      if (place === undefined || !isOwn(place.file, roots)) continue
      const key = `${place.file}:${place.line}:${place.column}`
      if (!frames.has(key)) frames.set(key, { frame, place, key })
    }
  }
  return [...frames.values()]
}

function isOwn(file: string, roots: readonly string[]): boolean {
  return roots.some((root) => pathInside(root, file) !== undefined)
}

function* tracesOf(report: CrashReport): Generator<readonly string[]> {
  const { trace, stack, causes, error_caught, kind } = report
  yield trace
  // Where a plugin has reported a call says nothing about the call.
  if (kind === 'fatal' || kind === 'non-fatal') yield stack
  yield* ofParts(error_caught)
  yield* ofCauses(causes)
}

function* ofCauses(causes: readonly CauseReport[]): Generator<readonly string[]> {
  for (const cause of causes) {
    yield cause.trace
    yield* ofParts(cause)
  }
}

/** The traces of the errors of an AggregateError. */
function* ofParts(whole: unknown): Generator<readonly string[]> {
  const { errors } = (whole ?? {}) as Partial<CauseReport>
  if (!Array.isArray(errors)) return
  for (const part of errors) {
    if (!Array.isArray(part?.trace)) continue
    yield part.trace
    yield* ofCauses(part.causes ?? [])
  }
}
