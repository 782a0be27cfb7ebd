import { setTimeout as sleep } from 'node:timers/promises'
import type { OpenedStore } from '@fastify-scs/console/read'
import { backoffMs } from '@fastify-scs/core/kit'
import type { Store } from '@fastify-scs/store'
import { codeOf } from './exit-codes.js'
import { lineOf } from './failure.js'
import type { Session } from './session.js'

/** Between two attempts to reach a store that is away, in milliseconds: doubled from the first to the last. */
const BACKOFF = { retryMs: 500, maxRetryMs: 5_000 }
/** What may be over in a moment: the same call is made again. */
const AWAY = new Set(['SCS_STORE_ERR_UNAVAILABLE', 'SCS_STORE_ERR_QUERY_TIMEOUT'])

/** A store that is read again and again until Ctrl-C, also if its database is away for a while. */
export class FollowedStore {
  readonly #session: Session
  readonly #ending = new AbortController()
  /** The store; it stays the same while its database is away. */
  readonly opened: OpenedStore
  #failures = 0

  private constructor(session: Session, opened: OpenedStore) {
    this.#session = session
    this.opened = opened
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, this.#end)
    session.io.stdout.once('close', this.#end)
  }

  /** @throws what the store throws: one that is away at the start may be a wrong URL */
  static async open(session: Session): Promise<FollowedStore> {
    return new FollowedStore(session, await session.openForReading())
  }

  /** Runs a query of the store. */
  readonly read = <Result>(query: (store: Store) => Promise<Result>): Promise<Result> =>
    query(this.opened.store)

  /** Looks again and again until Ctrl-C. @throws what `look` throws, unless the database is away */
  async every(everyMs: number, look: () => Promise<void>): Promise<void> {
    const { signal } = this.#ending
    while (!signal.aborted) {
      try {
        await look()
        if (this.#failures > 0) this.#session.output.note('The store is back.')
        this.#failures = 0
      } catch (error) {
        if (signal.aborted) return
        if (!AWAY.has(codeOf(error) ?? '')) throw error
        if (this.#failures++ === 0) this.#session.output.note(`${lineOf(error)} Waiting for it.`)
      }
      const waitMs = this.#failures === 0 ? everyMs : backoffMs(this.#failures, BACKOFF)
      // Rejects only where the signal ends it, which the loop looks at.
      await sleep(waitMs, undefined, { signal }).catch(() => {})
    }
  }

  async close(): Promise<void> {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, this.#end)
    await this.opened.close()
  }

  readonly #end = (): void => this.#ending.abort()
}
