import type { LineSink, LineSinkStats, SinkListener } from './line-sink.js'

/** A file or a descriptor that takes bytes synchronously. */
export interface ByteTarget {
  /** Called before each whole line, the moment to rotate; returns what went wrong, if the line can be written all the same. */
  beginLine(bytes: number): unknown
  /** Writes, and returns how many bytes were taken; throws when none can be. */
  write(data: string | Buffer): number
  close(): void
}

/** How many bytes may wait while the target fails; lines beyond are dropped and counted. */
export const MAX_PENDING_BYTES = 1_048_576

/** How long a target that failed is left alone, in milliseconds, unless a new line comes first. */
export const RETRY_MS = 1_000

/**
 * Writes each line with a system call before `write` returns, so that not even `kill -9` loses one. While the
 * target fails (full disk, read-only path) lines wait in order, and leave when it works again.
 */
export class SyncLineSink implements LineSink {
  readonly #target: ByteTarget
  readonly #listener: SinkListener
  readonly #pending: Buffer[] = []
  /** Whether the first pending bytes are the rest of a line whose beginning is written. */
  #isTorn = false
  #pendingBytes = 0
  #retry: NodeJS.Timeout | undefined
  #written = 0
  #failed = 0
  #dropped = 0
  #lastFailure: string | undefined

  constructor(target: ByteTarget, listener: SinkListener) {
    this.#target = target
    this.#listener = listener
  }

  write(line: string): void {
    const bytes = Buffer.byteLength(line)
    if (this.#pending.length > 0) {
      this.#enqueue(Buffer.from(line))
      this.#drain()
      return
    }
    try {
      this.#beginLine(bytes)
      const taken = this.#target.write(line)
      if (taken === bytes) {
        this.#written++
        return
      }
      this.#isTorn = true
      this.#enqueue(Buffer.from(line).subarray(taken))
      this.#drain()
    } catch (error) {
      this.#enqueue(Buffer.from(line))
      this.#fail(error)
    }
  }

  stats(): LineSinkStats {
    return {
      written: this.#written,
      failed: this.#failed,
      dropped: this.#dropped,
      pendingBytes: this.#pendingBytes,
      ...(this.#lastFailure === undefined ? {} : { lastFailure: this.#lastFailure }),
    }
  }

  close(): void {
    if (this.#pending.length > 0) this.#drain()
    clearInterval(this.#retry)
    this.#dropped += this.#pending.length
    this.#pending.length = 0
    this.#pendingBytes = 0
    this.#target.close()
  }

  #enqueue(line: Buffer): void {
    if (this.#pending.length > 0 && this.#pendingBytes + line.length > MAX_PENDING_BYTES) {
      this.#dropped++
      return
    }
    this.#pending.push(line)
    this.#pendingBytes += line.length
  }

  #beginLine(bytes: number): void {
    const failure = this.#target.beginLine(bytes)
    if (failure === undefined) return
    this.#count(failure)
    this.#listener.onFailure(failure)
  }

  #drain(): void {
    try {
      for (let next = this.#pending[0]; next !== undefined; next = this.#pending[0]) {
        if (!this.#isTorn) this.#beginLine(next.length)
        const taken = this.#target.write(next)
        this.#pendingBytes -= taken
        this.#isTorn = taken < next.length
        if (this.#isTorn) {
          this.#pending[0] = next.subarray(taken)
        } else {
          this.#pending.shift()
          this.#written++
        }
      }
      this.#recover()
    } catch (error) {
      this.#fail(error)
    }
  }

  #count(error: unknown): void {
    this.#failed++
    this.#lastFailure = error instanceof Error ? error.message : String(error)
  }

  #fail(error: unknown): void {
    this.#count(error)
    if (this.#retry !== undefined) return
    this.#retry = setInterval(() => this.#drain(), RETRY_MS).unref()
    this.#listener.onFailure(error)
  }

  #recover(): void {
    if (this.#retry === undefined) return
    clearInterval(this.#retry)
    this.#retry = undefined
    this.#listener.onRecovery()
  }
}
