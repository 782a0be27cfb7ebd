import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { quietly } from './traced-calls.js'

const TASKS = 'node-redis:pool:connection-wait'
/** What happens before a client is free again. None of it can happen while a pool looks for a free client. */
const FREEING = [
  'tracing:node-redis:command:asyncStart',
  'tracing:node-redis:batch:asyncStart',
  'tracing:node-redis:connect:asyncStart',
  'node-redis:connection:ready',
]
/** A free client is found sooner, in 0.01 to 0.2 ms: this is for tasks that do something else behind their last command. */
const SURE_WAIT_MS = 0.5

/**
 * The pool of @redis/client runs a task that has waited for a client in the asynchronous context of the one that gave it back: what the task
 * does would be noted in another request. The pool tells that a task has waited, not whose it is, so that such a task is nobody's.
 */
export class StrayTasks {
  readonly #isStray = new AsyncLocalStorage<true>()
  /** Milliseconds of the monotonic clock. */
  #freedAt = 0

  /** Whether the running code belongs to a task that has waited. */
  isRunning(): boolean {
    return this.#isStray.getStore() === true
  }

  listen(): () => void {
    const onTask = quietly(({ waitStartTimestamp: since }) => {
      if (typeof since !== 'number') return
      const hasWaited = this.#freedAt >= since || performance.now() - since > SURE_WAIT_MS
      // Told right before the task is run, at the end of a turn in which nothing else is left to do.
      if (hasWaited) this.#isStray.enterWith(true)
    })
    const onFreed = () => {
      this.#freedAt = performance.now()
    }
    subscribe(TASKS, onTask)
    for (const name of FREEING) subscribe(name, onFreed)
    return () => {
      unsubscribe(TASKS, onTask)
      for (const name of FREEING) unsubscribe(name, onFreed)
    }
  }
}
