import type { Sink } from '../io.js'

/** Thrown where whoever reads the output has left, as `head` does: the program ends without a word. */
export class ReaderLeftError extends Error {}

/** A stream whose failures end the run in order, such as a full disk; without a listener Node would end the process with a stack. */
export class WatchedSink {
  readonly #sink: Sink
  #failure: NodeJS.ErrnoException | undefined

  constructor(sink: Sink) {
    this.#sink = sink
    sink.on('error', (error: NodeJS.ErrnoException) => {
      this.#failure ??= error
    })
  }

  /** @throws ReaderLeftError, and what the stream failed with */
  check(): void {
    const code = this.#failure?.code
    if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') throw new ReaderLeftError()
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Waits until all is written. @throws ReaderLeftError, and what the stream failed with */
  async finish(): Promise<void> {
    if (this.#failure === undefined)
      await new Promise<void>((resolve) => {
        // A failure comes to the listener as well.
        this.#sink.write('', () => resolve())
      })
    // The listener is called after the one of the write.
    await new Promise((resolve) => setImmediate(resolve))
    this.check()
  }
}
