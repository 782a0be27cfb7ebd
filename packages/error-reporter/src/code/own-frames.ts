import { join } from 'node:path'
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

/** Lines of traces that are remembered: to parse one takes a microsecond, and a crash often comes again. */
const MAX_LINES_KEPT = 500

/** Finds the application's own frames of reports. */
export class OwnFrames {
  readonly #roots: readonly [given: string, real: string]
  readonly #known = new Map<string, OwnFrame | null>()

  /** @param roots the application's root, as it was given and as its real path */
  constructor(roots: readonly [given: string, real: string]) {
    this.#roots = roots
  }

  /** Those of a report, each place once: of its trace, of the call of `reportError`, then of its causes. */
  of(report: CrashReport): readonly OwnFrame[] {
    const frames: OwnFrame[] = []
    let left = MAX_TRACE_LINES
    for (const trace of tracesOf(report)) {
      for (const line of trace) {
        if (left-- <= 0 || frames.length >= MAX_PLACES) return frames
        const frame = isOfPackage(line) ? null : this.#frameOf(line)
        if (frame !== null && !frames.some(({ key }) => key === frame.key)) frames.push(frame)
      }
    }
    return frames
  }

  #frameOf(line: string): OwnFrame | null {
    const known = this.#known.get(line)
    if (known !== undefined) return known
    const found = placeOfFrame(line)
    // A line of a message is another one each time.
    if (found === undefined) return null
    const file = this.#ownPath(found.file)
    const frame =
      file === undefined || isOfPackage(file)
        ? null
        : {
            frame: line,
            place: { ...found, file },
            key: `${file}:${found.line}:${found.column}`,
          }
    if (this.#known.size >= MAX_LINES_KEPT) this.#known.clear()
    this.#known.set(line, frame)
    return frame
  }

  /** By way of the real root: with `--preserve-symlinks` a frame names the one that was given, such as a link to the current release. */
  #ownPath(file: string): string | undefined {
    const [given, real] = this.#roots
    if (pathInside(real, file) !== undefined) return file
    const path = pathInside(given, file)
    return path === undefined ? undefined : join(real, path)
  }
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
