import { AsyncLocalStorage } from 'node:async_hooks'

/*
 * Like the storage behind `currentRequest`, this holds nothing but what belongs to the running asynchronous context.
 */
const storage = new AsyncLocalStorage<true>()

/** Runs something whose outbound calls are the plugins' own: a reporter, a store. They are not logged as the application's. */
export function runAsOwnCall<Result>(run: () => Result): Result {
  return storage.run(true, run)
}

/** Whether the running code is a plugin's own outbound call. */
export function isOwnCall(): boolean {
  return storage.getStore() === true
}
