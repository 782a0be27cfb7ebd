/** Length of the spans that the calls of routes are summed up by, in milliseconds: an hour. */
export const HOUR_MS = 3_600_000

/** The number of the hour that a time is in, from 1970 on. */
export function hourOf(time: number): number {
  return Math.floor(time / HOUR_MS)
}
