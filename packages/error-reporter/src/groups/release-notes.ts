import type { StoreCounter } from '@fastify-scs/core/kit'

/** How often the store is told that the release still runs, in milliseconds: an hour. */
export const NOTE_EVERY_MS = 3_600_000

/** Tells the store that a release runs: when the application starts, and again every hour. */
export class ReleaseNotes {
  readonly #store: StoreCounter
  readonly #release: string
  readonly #onFailure: (error: unknown) => void
  #timer: NodeJS.Timeout | undefined
  #failures = 0

  /** @param onFailure called with each failure of the store */
  constructor(store: StoreCounter, release: string, onFailure: (error: unknown) => void) {
    this.#store = store
    this.#release = release
    this.#onFailure = onFailure
  }

  /** How often the store failed to note it. */
  get failures(): number {
    return this.#failures
  }

  /** Notes it now and from now on. */
  start(): void {
    this.#timer = setInterval(() => void this.#note(), NOTE_EVERY_MS).unref()
    void this.#note()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #note(): Promise<void> {
    try {
      await this.#store.noteRelease(this.#release, Date.now())
    } catch (error) {
      this.#failures++
      this.#onFailure(error)
    }
  }
}
