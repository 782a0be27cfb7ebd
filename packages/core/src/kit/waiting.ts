/** How long to wait between attempts. */
export interface BackoffLimits {
  /** Before the first new attempt, in milliseconds; doubles with each. */
  readonly retryMs: number
  /** Between two attempts at most, in milliseconds. */
  readonly maxRetryMs: number
}

/** How much of a wait is left to chance, to both sides: instances that failed together must not try again together. */
const JITTER = 0.25

/**
 * Milliseconds to wait before a new attempt: doubled with each, up to the limit, then 25 % more or less by chance.
 *
 * @param failures attempts that have failed so far, from 1
 */
export function backoffMs(
  failures: number,
  { retryMs, maxRetryMs }: BackoffLimits,
  random: () => number = Math.random,
): number {
  const plainMs = Math.min(retryMs * 2 ** (failures - 1), maxRetryMs)
  return plainMs * (1 - JITTER + 2 * JITTER * random())
}

/**
 * Waits for a promise, up to a time limit. The timer keeps the process alive while it runs, because the caller has work to do
 * afterwards.
 *
 * @param timeMs milliseconds
 * @returns what the promise resolves to, or what `onLate` returns when the time is over first
 * @throws what the promise rejects with, or what `onLate` throws
 */
export async function within<Result, Late = undefined>(
  promise: PromiseLike<Result>,
  timeMs: number,
  onLate?: () => Late,
): Promise<Result | Late> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Late>((resolve, reject) => {
    timer = setTimeout(() => {
      try {
        resolve(onLate?.() as Late)
      } catch (error) {
        reject(error)
      }
    }, timeMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
