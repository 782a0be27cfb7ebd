import { type BackoffLimits, backoffMs, LineLimiter } from '@fastify-scs/core/kit'
import type { CheckedAdapter } from '../checked-adapter.js'
import { ReadOnlyError, StoreUnavailableError } from '../errors.js'
import { checkRelease } from '../read/releases.js'
import type { RedactedLog } from '../redacted-log.js'
import type { MutableWriteCounts } from './write-counts.js'

/** The most releases that wait to be noted; a process has one. */
const MAX_WAITING = 100

/** When a release was seen first and last, in milliseconds since 1970. */
interface SeenRelease {
  readonly firstAt: number
  readonly lastAt: number
}

/** Notes releases; what cannot be noted now is kept and tried again, so that a host starts without its database. */
export class ReleaseNotes {
  readonly #adapter: CheckedAdapter
  readonly #isAvailable: () => boolean
  readonly #limits: BackoffLimits
  readonly #counts: MutableWriteCounts
  readonly #log: RedactedLog
  readonly #lines: LineLimiter
  readonly #waiting = new Map<string, SeenRelease>()
  #sending: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #attempts = 0
  #isStopped = false

  constructor(
    adapter: CheckedAdapter,
    isAvailable: () => boolean,
    limits: BackoffLimits,
    counts: MutableWriteCounts,
    log: RedactedLog,
  ) {
    this.#adapter = adapter
    this.#isAvailable = isAvailable
    this.#limits = limits
    this.#counts = counts
    this.#log = log
    this.#lines = new LineLimiter(log)
  }

  /** Resolves once the release is noted, or is kept to be noted later. @throws FilterError, ReadOnlyError */
  async note(release: string, at: number): Promise<void> {
    checkRelease(release, at)
    if (this.#adapter.isReadOnly) throw new ReadOnlyError('note a release')
    this.#keep(release, { firstAt: at, lastAt: at })
    await this.#sending
    // The call that was sending may have finished before it came to this release.
    if (this.#waiting.size > 0 && this.#timer === undefined) await this.#send()
  }

  /** Stops trying. */
  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
    this.#lines.close()
  }

  #keep(release: string, { firstAt, lastAt }: SeenRelease): void {
    const known = this.#waiting.get(release)
    if (known === undefined && this.#waiting.size >= MAX_WAITING) {
      this.#fail(new Error(`more than ${MAX_WAITING} releases wait to be noted`))
      return
    }
    this.#waiting.set(release, {
      firstAt: Math.min(firstAt, known?.firstAt ?? firstAt),
      lastAt: Math.max(lastAt, known?.lastAt ?? lastAt),
    })
  }

  #send(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined
    })
    return this.#sending
  }

  async #sendAll(): Promise<void> {
    for (const [release, seen] of this.#waiting) {
      if (this.#isStopped) return
      if (!this.#isAvailable()) return this.#sendLater()
      this.#waiting.delete(release)
      try {
        await this.#adapter.noteRelease(release, seen.firstAt)
        if (seen.lastAt > seen.firstAt) await this.#adapter.noteRelease(release, seen.lastAt)
        this.#attempts = 0
      } catch (error) {
        this.#fail(error)
        // Only a database that is away may take the same call later.
        if (!(error instanceof StoreUnavailableError)) continue
        this.#keep(release, seen)
        return this.#sendLater()
      }
    }
  }

  #sendLater(): void {
    if (this.#isStopped) return
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined
        void this.#send()
      },
      backoffMs(this.#attempts++, this.#limits),
    ).unref()
  }

  #fail(error: unknown): void {
    this.#counts.releaseFailures++
    if (!this.#isStopped && this.#lines.mayWrite('release'))
      this.#log.warn({ err: error }, 'a release could not be noted in the store')
  }
}
