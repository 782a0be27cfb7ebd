import { BoundedMap } from '@fastify-scs/core/kit'

/** Places that are remembered. */
const MAX_PLACES = 200
/** Ways to one place that are told apart. */
const MAX_WAYS = 5
/** The same block is reported again after this time, in milliseconds. */
const QUIET_MS = 3_600_000
/** Or when it has become so many times as long. */
const GROWTH = 2

interface KnownPlace {
  reportedAt: number
  longestMs: number
  readonly ways: Set<string>
  suppressed: number
}

/** Decides which blocks are reported: at most one an hour for each place, unless it has become much longer or comes about in another way. */
export class BlockedPlaces {
  readonly #places = new BoundedMap<string, KnownPlace>(MAX_PLACES)

  /** How many have been counted and not reported at this place since the last report; undefined when this one is not to be reported. `atMs` is monotonic. */
  count(place: string, way: string, blockedMs: number, atMs: number): number | undefined {
    const known = this.#places.get(place) ?? {
      reportedAt: Number.NEGATIVE_INFINITY,
      longestMs: 0,
      ways: new Set<string>(),
      suppressed: 0,
    }
    const isNewWay = !known.ways.has(way) && known.ways.size < MAX_WAYS
    const isDue =
      atMs - known.reportedAt >= QUIET_MS || blockedMs >= known.longestMs * GROWTH || isNewWay
    if (!isDue) {
      known.suppressed++
      return undefined
    }
    const { suppressed } = known
    known.reportedAt = atMs
    known.longestMs = Math.max(known.longestMs, blockedMs)
    known.ways.add(way)
    known.suppressed = 0
    this.#places.set(place, known)
    return suppressed
  }
}
