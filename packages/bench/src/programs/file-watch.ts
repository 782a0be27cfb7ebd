import { statSync } from 'node:fs'

const LOOK_EVERY_MS = 200

/** How large some files are together between two calls, at their largest. */
export class FileWatch {
  readonly #paths: readonly string[]
  #timer: NodeJS.Timeout | undefined
  #peakBytes = 0

  constructor(...paths: readonly string[]) {
    this.#paths = paths
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** The peak since the call before, in bytes. */
  take(): number {
    this.#look()
    const taken = this.#peakBytes
    this.#peakBytes = 0
    return taken
  }

  #look(): void {
    this.#peakBytes = Math.max(this.#peakBytes, this.#sizeBytes())
  }

  #sizeBytes(): number {
    return this.#paths.reduce((total, path) => {
      // A write-ahead log comes and goes.
      return total + (statSync(path, { throwIfNoEntry: false })?.size ?? 0)
    }, 0)
  }
}
