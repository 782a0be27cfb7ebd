import { AsyncResource } from 'node:async_hooks'
import type { CodeReport, CrashReport } from '../report/crash-report.js'
import type { CodeReader } from './code-reader.js'

/** What becomes of a report with its lines of code. */
export type PassOn = (code: CodeReport[]) => void

interface Waiting {
  /** Undefined while it is read. */
  code: CodeReport[] | undefined
  readonly passOn: PassOn
}

/** Lets reports pass in their order, each when its lines of code are read or given up. */
export class CodeQueue {
  readonly #reader: CodeReader | undefined
  #waiting: Waiting[] = []
  #idleCallbacks: (() => void)[] = []
  #isReading = true

  /** @param reader undefined where no code is to be read */
  constructor(reader: CodeReader | undefined) {
    this.#reader = reader
  }

  /** Passes a report on, within this call when it waits for nothing. */
  add(report: CrashReport, passOn: PassOn): void {
    const reader = this.#isReading ? this.#reader : undefined
    const frames = reader?.framesOf(report) ?? []
    if (reader === undefined || frames.length === 0) {
      if (this.#waiting.length === 0) passOn([])
      else this.#wait([], passOn)
      return
    }
    const waiting = this.#wait(undefined, passOn)
    void reader.read(frames).then((code) => {
      waiting.code ??= code
      this.#passReady()
    })
  }

  /** Resolves when no report waits. */
  idle(): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idleCallbacks.push(resolve))
  }

  /** Passes everything on that waits, and from now on each report at once: nobody can wait. */
  stop(): void {
    this.#isReading = false
    for (const waiting of this.#waiting) waiting.code ??= []
    this.#passReady()
  }

  /** Reads code again. */
  resume(): void {
    this.#isReading = true
  }

  #wait(code: CodeReport[] | undefined, passOn: PassOn): Waiting {
    // What the application's own functions see is still the request of their report.
    const waiting = { code, passOn: AsyncResource.bind(passOn) }
    this.#waiting.push(waiting)
    return waiting
  }

  #passReady(): void {
    for (;;) {
      const [first] = this.#waiting
      if (first?.code === undefined) break
      this.#waiting.shift()
      first.passOn(first.code)
    }
    if (this.#waiting.length > 0) return
    const callbacks = this.#idleCallbacks
    this.#idleCallbacks = []
    for (const callback of callbacks) callback()
  }
}
