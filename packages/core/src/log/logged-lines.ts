/** Lines that are kept of one request: the newest ones. */
export const MAX_LINES = 20
/** Characters of the lines that are kept of one request, together; of a line that is longer there is only a note. */
export const MAX_CHARS = 16_384

/** A line that a request has logged. Its time is told by the lines that it is one of. */
export class LoggedLine {
  /** The line before it, as long as that is kept. */
  earlier: LoggedLine | null
  /** The logger that wrote it: the request's, or one that was made of it. */
  readonly logger: object
  /** pino's number. */
  readonly level: number
  /** The line as pino has made it, JSON; null for one that was too long. */
  readonly text: string | null
  /** Milliseconds after the first line. */
  readonly afterMs: number

  constructor(
    earlier: LoggedLine | null,
    logger: object,
    level: number,
    text: string | null,
    afterMs: number,
  ) {
    this.earlier = earlier
    this.logger = logger
    this.level = level
    this.text = text
    this.afterMs = afterMs
  }
}

/**
 * The newest lines of one logger and of the loggers that were made of it. They are kept as they were written, with the logger itself: those of a
 * request go when the request goes. One list for all requests would outlive them, and what lives longer than a request is copied by each collection
 * of garbage.
 *
 * Every line of a service comes by here: the fields are plain ones and the lines a chain, since private fields and a list for each request
 * cost twice as much.
 */
export class LoggedLines {
  /** Whose lines they are. */
  readonly logger: object
  /** When the first of them was written, in milliseconds since 1970. */
  readonly since: number
  /** Whether that logger was made for a request; undefined as long as nobody has asked. */
  isOfRequest: boolean | undefined = undefined
  private newest: LoggedLine | null = null
  private count = 0
  private chars = 0

  constructor(logger: object, since: number) {
    this.logger = logger
    this.since = since
  }

  add(logger: object, level: number, line: string, now: number): void {
    const text = line.length > MAX_CHARS ? null : line
    this.newest = new LoggedLine(this.newest, logger, level, text, now - this.since)
    this.chars += text === null ? 0 : line.length
    this.count++
    // Not at each line beyond the twentieth: finding the end of the chain takes a step for each of them.
    if (this.count >= 2 * MAX_LINES || this.chars > MAX_CHARS) this.cut()
  }

  /** The oldest first. */
  list(): LoggedLine[] {
    this.cut()
    const lines: LoggedLine[] = []
    for (let line = this.newest; line !== null; line = line.earlier) lines.push(line)
    return lines.reverse()
  }

  private cut(): void {
    let last: LoggedLine | null = null
    this.count = 0
    this.chars = 0
    for (let line = this.newest; line !== null; line = line.earlier) {
      const chars = this.chars + (line.text?.length ?? 0)
      if (this.count === MAX_LINES || chars > MAX_CHARS) break
      this.chars = chars
      this.count++
      last = line
    }
    if (last !== null) last.earlier = null
  }
}
