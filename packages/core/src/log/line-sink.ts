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
