/** An object with a synchronous `write`: a pino destination, a Writable. */
export interface LineStream {
  write(line: string): unknown
}

/** Counts of the lines of a sink. */
export interface LineSinkStats {
  /** Lines written to the operating system or to the stream. */
  readonly written: number
  /** Attempts to write that failed. */
  readonly failed: number
  /** Lines lost: too many were waiting, the stream threw, or they still waited at the end. */
  readonly dropped: number
  /** Bytes of the lines that wait until the sink can be written again. */
  readonly pendingBytes: number
  /** The text of the last failure, if there was one. */
  readonly lastFailure?: string
}

/** A destination of log lines. `write` never throws. */
export interface LineSink {
  /** Writes one line, with its line break, before it returns. */
  write(line: string): void
  stats(): LineSinkStats
  /** Opens the path again, for a sink that has one. Never throws. */
  reopen(): void
  /** Writes the waiting lines, if that is possible, and releases the file or stream. */
  close(): void
}

/** Called when a sink begins to fail and when it works again, once for each outage. */
export interface SinkListener {
  onFailure(error: unknown): void
  onRecovery(): void
  /** Called with the number of lines that still waited when the sink was closed or the process ended, and the last failure. */
  onLoss(lines: number, lastFailure: string): void
  /** Called with a message for the operator. */
  onWarning(text: string): void
}

/** A file or descriptor that is written synchronously. */
export interface ByteTarget {
  /** Called before each whole line; rotates the file if needed. Returns a failure after which the line can still be written. */
  beginLine(bytes: number): unknown
  /** Writes and returns the number of bytes written. Throws when nothing can be written. */
  write(data: string | Buffer): number
  close(): void
  /** Bytes of waiting lines that are written at once. @default 65,536 */
  readonly chunkBytes?: number
  /** Whether the rest of a line can still be appended to its beginning. If not, the whole line is written again. */
  continuesLine?(): boolean
  /** Checks whether the path still leads to the open file, and opens the path again if not. */
  follow?(): void
  /** Opens the file if it is closed, and writes what has to come before the next line. */
  settle?(): void
  /** Opens the path again. */
  reopen?(): void
}

/**
 * Listens to an event of the process, until the returned function is called.
 *
 * Meanwhile the number of listeners above which Node warns of a leak is raised by one. So many apps in one process cause no warning,
 * and the application may have as many listeners of its own as before.
 */
export function listenToProcess(event: 'exit' | 'SIGHUP', listener: () => void): () => void {
  raiseLimit(1)
  process.on(event, listener)
  let isOver = false
  return () => {
    if (isOver) return
    isOver = true
    process.off(event, listener)
    raiseLimit(-1)
  }
}

// A limit of 0 means no limit.
function raiseLimit(by: number): void {
  const limit = process.getMaxListeners()
  if (limit > 0) process.setMaxListeners(Math.max(1, limit + by))
}
