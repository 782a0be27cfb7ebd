/** Between two lines of one kind, in milliseconds. */
const LOG_EVERY_MS = 1_000

/** Lets a line of one kind be logged once a second at most. */
export class LogPause {
  #loggedMs = Number.NEGATIVE_INFINITY

  /** Whether the line may be logged now; then the next one has to wait. */
  isOver(): boolean {
    if (performance.now() - this.#loggedMs < LOG_EVERY_MS) return false
    this.#loggedMs = performance.now()
    return true
  }
}
