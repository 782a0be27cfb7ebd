/** Lines that are kept of one request: the newest ones. */
export const MAX_LINES = 20
/** Characters of the lines that are kept of one request, together; of a line that is longer there is only a note. */
export const MAX_CHARS = 16_384

/** A line that a request has logged. */
export interface LoggedLine {
  /** Milliseconds since 1970. */
  readonly at: number
  /** pino's number. */
  readonly level: number
  /** The logger that wrote it: the request's, or one that was made of it. */
  readonly logger: object
  /** The line as pino has made it, JSON; null for one that was too long. */
  readonly text: string | null
}

/**
 * The newest lines of one logger and of the loggers that were made of it. They are kept as they were written, with the logger itself: those of a
 * request go when the request goes. One list for all requests would outlive them, and what lives longer than a request is copied by each collection
 * of garbage.
 */
export class LoggedLines {
  /** Whose lines they are. */
  readonly logger: object
  /** Whether that logger was made for a request; lines of any other one are not kept. */
  readonly isOfRequest: boolean
  readonly #lines: LoggedLine[] = []
  #chars = 0

  constructor(logger: object, isOfRequest: boolean) {
    this.logger = logger
    this.isOfRequest = isOfRequest
  }

  add(logger: object, level: number, line: string): void {
    const text = line.length > MAX_CHARS ? null : line
    this.#lines.push({ at: Date.now(), level, logger, text })
    this.#chars += text === null ? 0 : line.length
    while (this.#lines.length > MAX_LINES || this.#chars > MAX_CHARS) this.#dropOldest()
  }

  /** The oldest first. */
  get lines(): readonly LoggedLine[] {
    return this.#lines
  }

  #dropOldest(): void {
    this.#chars -= this.#lines.shift()?.text?.length ?? 0
  }
}
