import type { HangFile } from './hang-file.js'
import {
  type Block,
  nowMs,
  type Sample,
  type SharedState,
  type WatchdogMessage,
} from './protocol.js'
import type { StackSampler } from './stack-sampler.js'

/** The first sample is taken after this share of the limit; each further one after twice the time. */
const FIRST_SHARE = 0.5
/** How often it is looked whether a blocked loop goes on, in milliseconds. */
const BLOCKED_POLL_MS = 50
/**
 * By how much this thread may be late itself, in milliseconds. Later, the whole process was stopped, or its machine slept: that time
 * does not count.
 */
const MAX_OWN_DELAY_MS = 300
/** How often the file of a block is touched, so that it does not look abandoned, in milliseconds. */
const TOUCH_MS = 10_000

/** Watches the main thread from its own: the block, its samples and its file. */
export class Watchdog {
  readonly #state: SharedState
  readonly #sampler: Pick<StackSampler, 'take'>
  readonly #file: Pick<HangFile, 'write' | 'touch' | 'remove'>
  readonly #tell: (message: WatchdogMessage) => void
  #timer: NodeJS.Timeout | undefined
  #dueMs = 0
  #aliveMs: number
  #cpuAtBegin = cpuMs()
  /** Time since the loop was last alive that does not count. */
  #stoppedMs = 0
  #samples: Sample[] = []
  #nextSampleMs = 0
  #sampling: Promise<void> | undefined
  #abort: AbortController | undefined
  #written = 0
  #isWritten = false
  #touchedMs = 0
  #isDebugged = false
  #hasFailed = false
  #isLooking = false
  #isStopped = false

  constructor(
    state: SharedState,
    sampler: Pick<StackSampler, 'take'>,
    file: Pick<HangFile, 'write' | 'touch' | 'remove'>,
    tell: (message: WatchdogMessage) => void,
  ) {
    this.#state = state
    this.#sampler = sampler
    this.#file = file
    this.#tell = tell
    this.#aliveMs = state.aliveMs
  }

  start(): void {
    if (this.#state.isClosed) return
    this.#begin(this.#state.aliveMs)
    this.#schedule()
  }

  /** Takes no further sample. */
  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
    this.#abort?.abort()
    this.#forget()
  }

  /** The limit has become another one. */
  adjust(): void {
    if (this.#isStopped || this.#isLooking) return
    clearTimeout(this.#timer)
    this.#nextSampleMs = Math.min(this.#nextSampleMs, this.#state.limitMs * FIRST_SHARE)
    this.#schedule()
  }

  #begin(aliveMs: number): void {
    this.#aliveMs = aliveMs
    this.#cpuAtBegin = cpuMs()
    this.#stoppedMs = 0
    this.#samples = []
    this.#nextSampleMs = this.#state.limitMs * FIRST_SHARE
    this.#isDebugged = false
    this.#hasFailed = false
  }

  get #blockedMs(): number {
    return nowMs() - this.#aliveMs - this.#stoppedMs
  }

  #schedule(): void {
    const waitMs =
      this.#blockedMs < this.#state.limitMs * FIRST_SHARE
        ? this.#state.limitMs * FIRST_SHARE - this.#blockedMs
        : BLOCKED_POLL_MS
    this.#dueMs = nowMs() + waitMs
    this.#timer = setTimeout(() => void this.#tick(), waitMs)
  }

  async #tick(): Promise<void> {
    if (this.#state.isClosed) return this.stop()
    this.#isLooking = true
    try {
      await this.#look()
    } catch (error) {
      this.#fail(error)
    }
    this.#isLooking = false
    if (!this.#isStopped) this.#schedule()
  }

  async #look(): Promise<void> {
    const delayMs = nowMs() - this.#dueMs
    const stoppedMs = delayMs > MAX_OWN_DELAY_MS ? delayMs : 0
    this.#stoppedMs += stoppedMs
    const { aliveMs, isEnding } = this.#state
    if (aliveMs !== this.#aliveMs) {
      await this.#end(this.#state.endOfSilence(this.#aliveMs))
      // The loop was last alive before the process was stopped.
      if (this.#aliveMs <= this.#dueMs) this.#stoppedMs += stoppedMs
    }
    if (isEnding) {
      await this.#end(nowMs())
      this.#state.answerAtEnd()
      this.stop()
      return
    }
    // A main thread that is stopped at a breakpoint is not blocked.
    if (this.#isDebugged || this.#state.isDebugged) return
    if (this.#blockedMs >= this.#nextSampleMs) this.#sample()
    if (this.#blockedMs >= this.#state.limitMs) this.#write()
  }

  /** The loop lives again, after a silence that ended then if it was a long one; or the process is about to end. */
  async #end(endMs = this.#aliveMs): Promise<void> {
    this.#abort?.abort()
    await this.#sampling
    const blockedMs = endMs - this.#aliveMs - this.#stoppedMs
    const isBlock = blockedMs >= this.#state.limitMs && !this.#state.isDebugged && !this.#isDebugged
    if (isBlock) this.#tell({ what: 'block', block: this.#blockOf(blockedMs) })
    this.#forget()
    this.#begin(this.#state.aliveMs)
  }

  #blockOf(blockedMs: number): Block {
    const since = Date.now() - (nowMs() - this.#aliveMs)
    return { since, blockedMs, cpuMs: cpuMs() - this.#cpuAtBegin, samples: this.#samples }
  }

  #sample(): void {
    this.#nextSampleMs = Math.max(this.#nextSampleMs * 2, this.#blockedMs)
    // Native code is still running.
    if (this.#sampling !== undefined) return
    this.#sampling = this.#take()
      .catch((error) => this.#fail(error))
      .finally(() => {
        this.#sampling = undefined
        this.#state.hasSession = false
      })
  }

  async #take(): Promise<void> {
    this.#state.hasSession = true
    this.#abort = new AbortController()
    const askedMs = this.#blockedMs
    const seen = await this.#sampler.take(this.#abort.signal)
    if (seen === undefined) return
    const atMs = this.#blockedMs
    this.#samples.push({ atMs, isLate: atMs - askedMs > MAX_OWN_DELAY_MS, ...seen })
    this.#isDebugged = seen.look?.isDebugged ?? false
  }

  /** Tells the file what is known by now, for the case that the process does not survive this. */
  #write(): void {
    if (!this.#isWritten) {
      const { since } = this.#blockOf(0)
      this.#file.write({ since, limitMs: this.#state.limitMs })
      this.#isWritten = true
    }
    for (const sample of this.#samples.slice(this.#written)) this.#file.write({ sample })
    this.#written = this.#samples.length
    if (nowMs() - this.#touchedMs < TOUCH_MS) return
    this.#touchedMs = nowMs()
    this.#file.touch()
  }

  #forget(): void {
    this.#written = 0
    if (!this.#isWritten) return
    this.#isWritten = false
    this.#file.remove()
  }

  /** Told once a block: a disk that is full is so at each sample. */
  #fail(error: unknown): void {
    // Neither written nor asked for again within this block.
    this.#nextSampleMs = Math.max(this.#nextSampleMs, this.#blockedMs * 2)
    this.#isWritten = true
    this.#written = this.#samples.length
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.#tell({ what: 'failure', text: error instanceof Error ? error.message : String(error) })
  }
}

/** The processor time that the process has used. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
