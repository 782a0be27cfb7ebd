import { median } from '../statistics.js'

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
