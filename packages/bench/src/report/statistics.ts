/**
 * The value below which the given part of the values lies, linear between neighbours.
 *
 * @param part from 0 to 1
 * @throws RangeError without values, as no answer would be true
 */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  const position = (sorted.length - 1) * part
  const below = sorted[Math.floor(position)]
  const above = sorted[Math.ceil(position)]
  if (below === undefined || above === undefined) {
    throw new RangeError(`No quantile ${part} of ${values.length} values`)
  }
  return below + (above - below) * (position - Math.floor(position))
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}
