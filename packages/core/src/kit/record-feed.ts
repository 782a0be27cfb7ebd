import type { FastifyBaseLogger } from 'fastify'
import type { CallbackFailures, CoreCallback } from './callback-failures.js'

/** One thing that a plugin has reported or recorded, whether or not a store keeps it. */
export interface FeedItem {
  /** `reports`: a report as the reporters get it, or one of slow-call; `integration_requests`: the present version of a record. */
  readonly kind: 'reports' | 'integration_requests'
  /** Redacted; others have the same object, so nobody changes it. */
  readonly data: object
}

/** Called with each item, within the call that made it. */
export type FeedListener = (item: FeedItem) => void

/** What the plugins of an app report and record, as it happens: for tests and tools. */
export class RecordFeed {
  readonly #failures: CallbackFailures<CoreCallback>
  readonly #log: FastifyBaseLogger
  readonly #listeners = new Set<FeedListener>()
  readonly #handOns: (() => unknown)[] = []

  constructor(failures: CallbackFailures<CoreCallback>, log: FastifyBaseLogger) {
    this.#failures = failures
    this.#log = log
  }

  /** Calls a listener with every further item; the returned function ends it. */
  subscribe(listener: FeedListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** For plugins: passes something on to the listeners. Never throws. */
  publish(kind: FeedItem['kind'], data: object): void {
    for (const listener of this.#listeners) {
      try {
        listener({ kind, data })
      } catch (error) {
        this.#failures.note('recordListener', error, this.#log, 'what was recorded is kept')
      }
    }
  }

  /** For plugins: names what passes on all that waits, such as a report whose lines of code are being read. */
  onSettle(handOn: () => unknown): void {
    // What is registered later leans on what was registered before it: a slow call becomes a report of the error reporter.
    this.#handOns.unshift(handOn)
  }

  /** Resolves when everything that has happened so far has been passed on. */
  async settled(): Promise<void> {
    for (const handOn of this.#handOns) await handOn()
  }
}
