import type { LineSink, LineSinkStats, SinkListener } from './line-sink.js'

/** Anything with a synchronous `write`: a pino destination, a Writable. */
export interface LineStream {
  write(line: string): unknown
}

/** Hands lines to a stream of the application's own, which stays open. */
export class StreamSink implements LineSink {
  readonly #stream: LineStream
  readonly #listener: SinkListener
  #isFailing = false
  #written = 0
  #failed = 0
  #lastFailure: string | undefined

  constructor(stream: LineStream, listener: SinkListener) {
    this.#stream = stream
    this.#listener = listener
  }

  write(line: string): void {
    try {
      this.#stream.write(line)
      this.#written++
      if (this.#isFailing) this.#listener.onRecovery()
      this.#isFailing = false
    } catch (error) {
      this.#failed++
      this.#lastFailure = error instanceof Error ? error.message : String(error)
      if (!this.#isFailing) this.#listener.onFailure(error)
      this.#isFailing = true
    }
  }

  stats(): LineSinkStats {
    return {
      written: this.#written,
      failed: this.#failed,
      dropped: this.#failed,
      pendingBytes: 0,
      ...(this.#lastFailure === undefined ? {} : { lastFailure: this.#lastFailure }),
    }
  }

  reopen(): void {
    // A stream has no path.
  }

  close(): void {
    // The stream belongs to the application.
  }
}
