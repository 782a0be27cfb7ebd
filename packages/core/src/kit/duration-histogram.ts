/** Buckets for each doubling: a value is known to an eighth of itself. */
const STEPS = 8
const STEP_BITS = 3
/** 2^31 microseconds, 36 minutes; what takes longer counts as that. */
const MAX_MICROS = 2 ** 31 - 1
const BUCKETS = (31 - STEP_BITS + 1) * STEPS
/** The upper bound of each bucket, in milliseconds. */
const BOUNDS_MS: readonly number[] = Array.from(
  { length: BUCKETS },
  (_, index) => upperBoundMicros(index) / 1000,
)

/** How many calls took at most so long; cumulative, as Prometheus counts. */
export interface DurationBucket {
  /** Upper bound in milliseconds. */
  readonly leMs: number
  readonly count: number
}

/** The durations of a route's calls, in milliseconds; percentiles are upper bounds, at most 12.5 % too high. */
export interface DurationSummary {
  readonly count: number
  readonly minMs: number
  readonly maxMs: number
  readonly meanMs: number
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** Only the bounds at which the count grows. */
  readonly buckets: readonly DurationBucket[]
}

/** What a histogram has recorded, as data. */
export interface RecordedDurations {
  /** Index of a bucket, its count, index of the next one that is not empty, and so on. */
  readonly buckets: readonly number[]
  readonly sumMs: number
  readonly minMs: number
  readonly maxMs: number
}

/** A histogram of durations in the manner of HdrHistogram: 232 counters, 1 KB, whatever is recorded. */
export class DurationHistogram {
  readonly #counts = new Uint32Array(BUCKETS)
  #count = 0
  #sumMs = 0
  #minMs = Number.POSITIVE_INFINITY
  #maxMs = 0

  get count(): number {
    return this.#count
  }

  record(durationMs: number): void {
    const micros = Math.min(Math.max(durationMs * 1000, 0), MAX_MICROS) | 0
    const index = indexOf(micros)
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    this.#count++
    this.#sumMs += durationMs
    if (durationMs < this.#minMs) this.#minMs = durationMs
    if (durationMs > this.#maxMs) this.#maxMs = durationMs
  }

  /** All recorded durations together, in milliseconds. */
  get sumMs(): number {
    return this.#sumMs
  }

  /** Adds to each count how many durations were at most so long. The bounds ascend, in milliseconds; each is that of a bucket. */
  addCounts(boundsMs: readonly number[], counts: number[]): void {
    let index = 0
    let sum = 0
    for (const [at, boundMs] of boundsMs.entries()) {
      for (; (BOUNDS_MS[index] ?? Number.POSITIVE_INFINITY) <= boundMs; index++)
        sum += this.#counts[index] ?? 0
      counts[at] = (counts[at] ?? 0) + sum
    }
  }

  /** The buckets that are not empty: index, count, index, count ... */
  toBuckets(): number[] {
    const buckets: number[] = []
    for (let index = 0; index < BUCKETS; index++) {
      const count = this.#counts[index] ?? 0
      if (count > 0) buckets.push(index, count)
    }
    return buckets
  }

  /** What it has recorded, to be added to another one. */
  recorded(): RecordedDurations & { readonly buckets: number[] } {
    const minMs = this.#count === 0 ? 0 : this.#minMs
    return { buckets: this.toBuckets(), sumMs: this.#sumMs, minMs, maxMs: this.#maxMs }
  }

  /** Adds what another histogram has recorded; the percentiles are those of one histogram that had recorded both. */
  add({ buckets, sumMs, minMs, maxMs }: RecordedDurations): void {
    for (let at = 0; at + 1 < buckets.length; at += 2) {
      const index = buckets[at] ?? -1
      const count = buckets[at + 1] ?? 0
      // A row of a later version may have buckets that this one does not.
      if (!(index >= 0 && index < BUCKETS && count > 0)) continue
      this.#counts[index] = (this.#counts[index] ?? 0) + count
      this.#count += count
    }
    if (buckets.length === 0) return
    this.#sumMs += sumMs
    if (minMs < this.#minMs) this.#minMs = minMs
    if (maxMs > this.#maxMs) this.#maxMs = maxMs
  }

  summary(): DurationSummary {
    const buckets: DurationBucket[] = []
    let sum = 0
    for (const [index, count] of this.#counts.entries()) {
      if (count === 0) continue
      sum += count
      buckets.push({ leMs: BOUNDS_MS[index] ?? 0, count: sum })
    }
    const atMost = (share: number): number => {
      const bucket = buckets.find(({ count }) => count >= share * this.#count)
      return Math.min(bucket?.leMs ?? 0, this.#maxMs)
    }
    return {
      count: this.#count,
      minMs: this.#count === 0 ? 0 : this.#minMs,
      maxMs: this.#maxMs,
      meanMs: this.#count === 0 ? 0 : this.#sumMs / this.#count,
      p50Ms: atMost(0.5),
      p90Ms: atMost(0.9),
      p95Ms: atMost(0.95),
      p99Ms: atMost(0.99),
      buckets,
    }
  }
}

// Values below 8 have a bucket each; above, the three bits after the leading one choose it.
function indexOf(micros: number): number {
  if (micros < STEPS) return micros
  const shift = 31 - Math.clz32(micros) - STEP_BITS
  return (shift + 1) * STEPS + ((micros >> shift) & (STEPS - 1))
}

function upperBoundMicros(index: number): number {
  if (index < STEPS) return index + 1
  const shift = Math.floor(index / STEPS) - 1
  return (STEPS + (index % STEPS) + 1) * 2 ** shift
}
