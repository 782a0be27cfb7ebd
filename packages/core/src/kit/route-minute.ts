/** The calls of one route in one minute, as one instance has counted them; `data` of a record of the kind `route_stats`. */
export type RouteMinute = {
  /** Names the instance among those of its service. */
  readonly instance: string
  /** Calls that were answered. */
  readonly calls: number
  /** Answered with 500 or above. */
  readonly failed: number
  readonly slow: number
  readonly stuck: number
  /** The client left before the first byte. */
  readonly aborted: number
  readonly sumMs: number
  readonly minMs: number
  readonly maxMs: number
  /** Of the histogram: index of a bucket, its count, index of the next one that is not empty, and so on. */
  readonly buckets: number[]
}
