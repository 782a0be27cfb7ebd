import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { quietly } from './traced-calls.js'

const CHANNEL = 'node-redis:pool:connection-wait'

/** A pool that has a free client runs the task in the same turn, within a few microseconds. */
const SAME_TURN_MS = 0.02

/**
 * The pool of @redis/client runs a task that has waited for a client in the asynchronous context of the one that gave it back: what the task
 * does would be noted in another request. The pool tells that a task has waited, not whose it is, so that such a task is nobody's.
 */
export class StrayTasks {
  readonly #isStray = new AsyncLocalStorage<true>()

  /** Whether the running code belongs to a task that has waited. */
  isRunning(): boolean {
    return this.#isStray.getStore() === true
  }

  listen(): () => void {
    const onTask = quietly(({ waitStartTimestamp: since }) => {
      if (typeof since !== 'number' || performance.now() - since < SAME_TURN_MS) return
      // Told right before the task is run, at the end of a turn in which nothing else is left to do.
      this.#isStray.enterWith(true)
    })
    subscribe(CHANNEL, onTask)
    return () => unsubscribe(CHANNEL, onTask)
  }
}
