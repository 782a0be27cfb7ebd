import type { Sample } from '../participant.js'

/** How many rows a second some work stores. */
export async function rateOf(rows: number, work: () => Promise<unknown>): Promise<Sample> {
  const startMs = performance.now()
  await work()
  const seconds = (performance.now() - startMs) / 1_000
  return { rows, rowsPerSecond: rows / seconds }
}
