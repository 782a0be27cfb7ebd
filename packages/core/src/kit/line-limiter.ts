import { onProcessEnd } from './process-end.js'

/** After so many milliseconds one more line may be written. */
const REFILL_MS = 1_000

/** How many lines were held back, by their names. */
export type HeldBackCounts<Name extends string = string> = { readonly [Each in Name]?: number }

/** How many lines may be written, and what becomes of the others. */
export interface LineLimits<Name extends string = string> {
  /** Lines that may be written at once; then it is one a second. @default 1 */
  readonly linesAtOnce?: number
  /**
   * Writes one line about those that were held back: once a second, when the limiter is closed, or when the process ends. Where it
   * is left out, they are dropped.
   */
  readonly summarize?: (heldBack: HeldBackCounts<Name>) => void
}

/** Keeps a storm of log lines down: the first are written, then one a second, and a summary says how many were held back. */
export class LineLimiter<Name extends string = string> {
  readonly #log: object
  readonly #linesAtOnce: number
  readonly #summarize: LineLimits<Name>['summarize']
  readonly #heldBack = new Map<Name, number>()
  #linesLeft: number
  /** The time up to which lines were added to `#linesLeft`. */
  #refilledMs = performance.now()
  #timer: NodeJS.Timeout | undefined
  #endProcessCall: (() => void) | undefined

  /** @param log the log that the lines are for; what it writes when the process ends is not lost */
  constructor(log: object, { linesAtOnce = 1, summarize }: LineLimits<Name> = {}) {
    this.#log = log
    this.#linesAtOnce = linesAtOnce
    this.#linesLeft = linesAtOnce
    this.#summarize = summarize
  }

  /**
   * Whether a line may be written now; if not, it is counted for the summary.
   *
   * @param name what the summary counts it under
   * @param count how many things the line would be about. @default 1
   */
  mayWrite(name: Name, count = 1): boolean {
    this.#refill()
    if (this.#linesLeft > 0) {
      this.#linesLeft--
      return true
    }
    if (this.#summarize !== undefined) {
      this.#heldBack.set(name, (this.#heldBack.get(name) ?? 0) + count)
      if (this.#timer === undefined) this.#summarizeLater()
    }
    return false
  }

  /** Writes the summary of what is held back now. */
  close(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#endProcessCall?.()
    this.#endProcessCall = undefined
    // The summary is a line as well: where only one is allowed, it is that of its second.
    this.#refill()
    this.#linesLeft = Math.min(this.#linesLeft, this.#linesAtOnce - 1)
    const heldBack = Object.fromEntries(this.#heldBack) as HeldBackCounts<Name>
    this.#heldBack.clear()
    this.#summarize?.(heldBack)
  }

  #refill(): void {
    const nowMs = performance.now()
    const seconds = Math.floor((nowMs - this.#refilledMs) / REFILL_MS)
    this.#linesLeft = Math.min(this.#linesAtOnce, this.#linesLeft + seconds)
    // The next second begins with the first line that is taken from a full measure.
    if (this.#linesLeft === this.#linesAtOnce) this.#refilledMs = nowMs
    else this.#refilledMs += seconds * REFILL_MS
  }

  #summarizeLater(): void {
    const waitMs = this.#refilledMs + REFILL_MS - performance.now()
    this.#timer = setTimeout(() => this.close(), waitMs).unref()
    this.#endProcessCall = onProcessEnd(() => this.close(), this.#log)
  }
}
