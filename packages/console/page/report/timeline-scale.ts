import type { TimelineEntry } from '../../src/api/model.js'

/** From when to when a time line goes, in milliseconds since 1970. */
export interface Scale {
  readonly from: number
  readonly to: number
}

/** Where a bar lies, in percent of the time line. */
export interface Bar {
  readonly left: number
  readonly width: number
}

/** A bar is never thinner than this, in percent: it must be seen. */
const THINNEST = 0.6

/** The span of all entries. */
export function scaleOf(entries: readonly TimelineEntry[]): Scale {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (const { at, durationMs } of entries) {
    from = Math.min(from, at)
    to = Math.max(to, at + (durationMs ?? 0))
  }
  return entries.length === 0 ? { from: 0, to: 1 } : { from, to: Math.max(to, from + 1) }
}

/** The place of an entry. */
export function barOf({ at, durationMs }: TimelineEntry, { from, to }: Scale): Bar {
  const share = (ms: number): number => (ms / (to - from)) * 100
  const width = Math.max(THINNEST, Math.min(100, share(durationMs ?? 0)))
  return { left: Math.max(0, Math.min(100 - width, share(at - from))), width }
}

/** The places of several entries: those that would be drawn onto each other are one, so that thousands are a few. */
export function barsOf(entries: readonly TimelineEntry[], scale: Scale): readonly Bar[] {
  const bars: Bar[] = []
  const places = entries.map((entry) => barOf(entry, scale))
  for (const { left, width } of places.sort((one, other) => one.left - other.left)) {
    const last = bars.at(-1)
    if (last === undefined || left >= last.left + last.width) bars.push({ left, width })
    else bars[bars.length - 1] = { ...last, width: Math.max(last.width, left + width - last.left) }
  }
  return bars
}

/** Round marks for the axis: as many as `most`, each a whole number of milliseconds after the start. */
export function ticksOf({ from, to }: Scale, most = 5): readonly number[] {
  const spanMs = to - from
  const rough = spanMs / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough
  const ticks: number[] = []
  for (let at = 0; at <= spanMs * 0.97; at += step) ticks.push(at)
  return ticks
}
