import { StoreTimeoutError } from './errors.js'

/**
 * Waits for a store, but no longer than a time. The timer may keep the process alive: a report depends on it.
 *
 * @throws SCS_REPORTER_ERR_STORE_TIMEOUT when the time is over; what the promise rejects with
 */
export async function within<Result>(promise: Promise<Result>, timeMs: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new StoreTimeoutError(timeMs)), timeMs)
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}
