import { statSync } from 'node:fs'
import { median } from '../report/statistics.js'

const LOOK_EVERY_MS = 200

/** What a process holds between two calls: of single looks the last collection of garbage would decide. */
export class MemoryWatch {
  #timer: NodeJS.Timeout | undefined
  #heapBytes: number[] = []
  #rssBytes: number[] = []

  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Since the call before, in bytes: the smallest heap, which is without the garbage that waits, and the median RSS. */
  take(): { heapBytes: number; rssBytes: number } {
    this.#look()
    const taken = { heapBytes: Math.min(...this.#heapBytes), rssBytes: median(this.#rssBytes) }
    this.#heapBytes = []
    this.#rssBytes = []
    return taken
  }

  #look(): void {
    const { heapUsed, rss } = process.memoryUsage()
    this.#heapBytes.push(heapUsed)
    this.#rssBytes.push(rss)
  }
}

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
