/** A span of time and the width of the buckets in it, in milliseconds. */
export interface Span {
  readonly from: number
  readonly to: number
  readonly bucketMs: number
}

/** One count for each bucket of the span, with 0 for those that the answer leaves out. */
export function spreadCounts(
  counts: readonly { readonly at: number; readonly count: number }[],
  { from, to, bucketMs }: Span,
): readonly number[] {
  const buckets = new Array<number>(bucketCount({ from, to, bucketMs })).fill(0)
  for (const { at, count } of counts) {
    const index = Math.floor((at - from) / bucketMs)
    const before = buckets[index]
    if (before !== undefined) buckets[index] = before + count
  }
  return buckets
}

/** The start of each bucket of the span. */
export function bucketStarts(span: Span): readonly number[] {
  return Array.from({ length: bucketCount(span) }, (_, index) => span.from + index * span.bucketMs)
}

function bucketCount({ from, to, bucketMs }: Span): number {
  return bucketMs > 0 && to > from ? Math.min(1_000, Math.ceil((to - from) / bucketMs)) : 0
}
