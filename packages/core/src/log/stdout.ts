import { writeSync } from 'node:fs'
import type { ByteTarget } from './sync-line-sink.js'

const STDOUT = 1

/** How often a pipe whose reader is slow is tried again before the line has to wait, and how long between, in milliseconds. */
const MAX_TRIES = 20
const PAUSE_MS = 5

/** The standard output, written synchronously. */
export class Stdout implements ByteTarget {
  readonly #clock = new Int32Array(new SharedArrayBuffer(4))

  beginLine(): undefined {
    // The standard output is never rotated.
  }

  write(data: string | Buffer): number {
    for (let tries = 1; ; tries++) {
      try {
        return typeof data === 'string' ? writeSync(STDOUT, data) : writeSync(STDOUT, data)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || tries === MAX_TRIES) throw error
        Atomics.wait(this.#clock, 0, 0, PAUSE_MS)
      }
    }
  }

  close(): void {
    // The standard output belongs to the process.
  }
}
