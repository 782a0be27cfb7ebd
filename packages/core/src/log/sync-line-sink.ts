import {
  type ByteTarget,
  type LineSink,
  type LineSinkStats,
  listenToProcess,
  type SinkListener,
} from './line-sink.js'

/** Bytes of lines that may wait while the target fails. Further lines are dropped and counted. */
export const MAX_PENDING_BYTES = 1_048_576

/** Pause between two attempts to write to a failing target, in milliseconds. */
export const RETRY_MS = 1_000

/** This many lines try a failing target at once, since many failures are short. Later lines wait for the timer. */
export const MAX_EAGER_TRIES = 8

/** Time after a line until its path is checked, in milliseconds: one check a second at most, and none while nothing is written. */
export const FOLLOW_MS = 1_000

/** Bytes of waiting lines that are written at once: writing 1 MiB line by line would block the event loop for more than 20 ms. */
export const CHUNK_BYTES = 65_536

const LINE_BREAK = 0x0a

/** Waiting lines, all of them complete. */
interface Chunk {
  text: string
  bytes: number
  lines: number
}

/**
 * Writes each line with a system call before `write` returns, so that even `kill -9` loses no line. While the target fails (a
 * full disk, a read-only path) the lines wait in memory, and are written in order when it works again.
 */
export class SyncLineSink implements LineSink {
  readonly #target: ByteTarget
  readonly #listener: SinkListener
  readonly #chunkBytes: number
  readonly #pending: Chunk[] = []
  #pendingBytes = 0
  /** How many bytes of the first pending chunk are written already: less than a line. */
  #takenBytes = 0
  #retry: NodeJS.Timeout | undefined
  #following: NodeJS.Timeout | undefined
  #eagerTries = MAX_EAGER_TRIES
  #forgetExit: (() => void) | undefined
  #written = 0
  #failed = 0
  #dropped = 0
  #lastFailure: string | undefined

  constructor(target: ByteTarget, listener: SinkListener) {
    this.#target = target
    this.#listener = listener
    this.#chunkBytes = target.chunkBytes ?? CHUNK_BYTES
  }

  write(line: string): void {
    if (this.#following === undefined) this.#followLater()
    const bytes = Buffer.byteLength(line)
    if (this.#pending.length > 0) {
      this.#enqueue(line, bytes)
      if (this.#eagerTries > 0) this.#drain()
      return
    }
    try {
      this.#beginLine(bytes)
      const taken = this.#target.write(line)
      if (taken === bytes) {
        this.#written++
        return
      }
      this.#takenBytes = taken
      this.#enqueue(line, bytes)
      this.#drain()
    } catch (error) {
      this.#enqueue(line, bytes)
      this.#fail(error)
    }
  }

  reopen(): void {
    if (this.#retry === undefined) this.#change(() => this.#target.reopen?.())
    // Each attempt to write opens a failing target again.
    else this.#drain()
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
    this.#giveUp()
    clearTimeout(this.#following)
    this.#target.close()
  }

  /** Tries to write the waiting lines. The rest is lost, and the listener is called with their number. */
  #giveUp(): void {
    if (this.#pending.length > 0) this.#drain()
    const lost = this.#pending.reduce((sum, { lines }) => sum + lines, 0)
    if (lost > 0) this.#listener.onLoss(lost, this.#lastFailure ?? 'unknown')
    this.#endOutage()
    this.#dropped += lost
    this.#pending.length = 0
    this.#pendingBytes = 0
    this.#takenBytes = 0
  }

  #enqueue(line: string, bytes: number): void {
    if (this.#pending.length > 0 && this.#pendingBytes + bytes > MAX_PENDING_BYTES) {
      this.#dropped++
      return
    }
    const last = this.#pending.at(-1)
    const isBegun = this.#pending.length === 1 && this.#takenBytes > 0
    if (last === undefined || isBegun || last.bytes + bytes > this.#chunkBytes) {
      this.#pending.push({ text: line, bytes, lines: 1 })
    } else {
      last.text += line
      last.bytes += bytes
      last.lines++
    }
    this.#pendingBytes += bytes
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
        // Not `+=` with the call on the right: the call may reset the field, whose old value would have been read before.
        const taken = this.#writeRest(next)
        this.#takenBytes += taken
        if (this.#takenBytes < next.bytes) {
          this.#dropWritten(next)
          continue
        }
        this.#pending.shift()
        this.#pendingBytes -= next.bytes
        this.#takenBytes = 0
        this.#written += next.lines
      }
      this.#target.settle?.()
      this.#recover()
    } catch (error) {
      this.#fail(error)
    }
  }

  #writeRest({ text, bytes }: Chunk): number {
    if (this.#takenBytes > 0 && this.#target.continuesLine?.() === false) this.#takenBytes = 0
    if (this.#takenBytes > 0) {
      return this.#target.write(Buffer.from(text).subarray(this.#takenBytes))
    }
    this.#beginLine(bytes)
    return this.#target.write(text)
  }

  /** Removes the lines that are written in full from a chunk, so that none of them is written twice. */
  #dropWritten(chunk: Chunk): void {
    const data = Buffer.from(chunk.text)
    const end = data.subarray(0, this.#takenBytes).lastIndexOf(LINE_BREAK) + 1
    const rest = data.toString('utf8', end)
    const lines = rest.split('\n').length - 1
    this.#written += chunk.lines - lines
    this.#pendingBytes -= end
    this.#takenBytes -= end
    Object.assign(chunk, { text: rest, bytes: chunk.bytes - end, lines })
  }

  #followLater(): void {
    if (this.#target.follow === undefined) return
    this.#following = setTimeout(() => {
      this.#following = undefined
      if (this.#retry === undefined) this.#change(() => this.#target.follow?.())
    }, FOLLOW_MS).unref()
  }

  /** Opens or checks the target's path while no line waits. Failures are reported; the timer tries again if nothing can be written. */
  #change(change: () => void): void {
    let failure: unknown
    try {
      change()
    } catch (error) {
      failure = error
    }
    try {
      this.#target.settle?.()
    } catch (error) {
      this.#fail(error)
      return
    }
    if (failure === undefined) return
    this.#count(failure)
    this.#listener.onFailure(failure)
  }

  #count(error: unknown): void {
    this.#failed++
    this.#lastFailure = error instanceof Error ? error.message : String(error)
  }

  #fail(error: unknown): void {
    this.#count(error)
    this.#eagerTries--
    if (this.#retry !== undefined) return
    this.#retry = setInterval(() => this.#drain(), RETRY_MS).unref()
    this.#forgetExit = listenToProcess('exit', () => this.#giveUp())
    this.#listener.onFailure(error)
  }

  #recover(): void {
    if (this.#retry === undefined) return
    this.#endOutage()
    this.#listener.onRecovery()
  }

  #endOutage(): void {
    clearInterval(this.#retry)
    this.#retry = undefined
    this.#eagerTries = MAX_EAGER_TRIES
    this.#forgetExit?.()
    this.#forgetExit = undefined
  }
}
