/** Anything with a synchronous `write`: a pino destination, a Writable. */
export interface LineStream {
  write(line: string): unknown
}

/** What became of a sink's lines. */
export interface LineSinkStats {
  /** Lines that have been handed to the operating system or to the stream. */
  readonly written: number
  /** Attempts to write that failed. */
  readonly failed: number
  /** Lines given up: more waited than the sink may hold, or its stream refused them. */
  readonly dropped: number
  /** Bytes that wait for the sink to work again. */
  readonly pendingBytes: number
  /** The newest failure, when there was one. */
  readonly lastFailure?: string
}

/** Where lines go; `write` never throws. */
export interface LineSink {
  /** Writes one line, with its line break, before it returns. */
  write(line: string): void
  stats(): LineSinkStats
  /** Opens the path anew, for a sink that has one. Never throws. */
  reopen(): void
  /** Writes what still waits, as far as it can, and lets go of the resource. */
  close(): void
}

/** Told when a sink begins to fail and when it works again; once for each outage. */
export interface SinkListener {
  onFailure(error: unknown): void
  onRecovery(): void
  /** Lines that still waited when the sink was closed or the process ended, and the newest failure. */
  onLoss(lines: number, lastFailure: string): void
  /** Something that the operator should know. */
  onWarning(text: string): void
}

/** A file or a descriptor that takes bytes synchronously. */
export interface ByteTarget {
  /** Called before each whole line, the moment to rotate; returns what went wrong, if the line can be written all the same. */
  beginLine(bytes: number): unknown
  /** Writes, and returns how many bytes were taken; throws when none can be. */
  write(data: string | Buffer): number
  close(): void
  /** How many bytes of waiting lines it takes with one write. @default 65,536 */
  readonly chunkBytes?: number
  /** Whether the rest of a line still comes right behind its beginning; if not, the whole line is written again. */
  continuesLine?(): boolean
  /** Looks whether the path is still that of the open file, and opens what is there now if it is not. */
  follow?(): void
  /** Opens what is closed and writes what has to stand before the next line. */
  settle?(): void
  /** Opens the path anew. */
  reopen?(): void
}

/**
 * Listens to an event of the process; the function that is returned ends it.
 *
 * The limit above which Node warns of a leak is raised by one meanwhile, so that many apps in one process cause no
 * warning, and the host's own listeners have as much room as before.
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

// 0 is no limit.
function raiseLimit(by: number): void {
  const limit = process.getMaxListeners()
  if (limit > 0) process.setMaxListeners(Math.max(1, limit + by))
}
