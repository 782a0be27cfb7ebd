/**
 * Waits for a promise, but no longer than a time. The timer keeps the process alive while it runs: whoever waits has work to do
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
