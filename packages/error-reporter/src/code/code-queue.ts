import { AsyncResource } from 'node:async_hooks'
import type { CodeReport, CrashReport } from '../report/crash-report.js'
import type { CodeReader } from './code-reader.js'

/** Reports that may wait; with more, the oldest goes without its lines of code. */
export const MAX_WAITING = 100

/** What became of the lines of code of the reports. */
export interface CodeStats {
  /** Reports that have got lines of code. */
  readonly added: number
  /** Reports with frames of the application that went without, because reading took too long or failed. */
  readonly missed: number
}

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
  readonly #counts = { added: 0, missed: 0 }
  #isReading = true

  /** @param reader undefined where no code is to be read */
  constructor(reader: CodeReader | undefined) {
    this.#reader = reader
  }

  /** Passes a report on, within this call when it waits for nothing. */
  add(report: CrashReport, passOn: PassOn): void {
    const reader = this.#isReading ? this.#reader : undefined
    const frames = reader?.framesOf(report) ?? []
    const known = reader === undefined || frames.length === 0 ? [] : reader.known(frames)
    if (known !== undefined && this.#waiting.length === 0) {
      this.#count(known)
      passOn(known)
      return
    }
    const waiting = this.#wait(known, passOn)
    if (known !== undefined || reader === undefined) return
    void reader.read(frames).then((code) => {
      if (waiting.code !== undefined) return
      waiting.code = code ?? this.#missed()
      this.#passReady()
    })
  }

  stats(): CodeStats {
    return { ...this.#counts }
  }

  /** Resolves when no report waits. */
  idle(): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idleCallbacks.push(resolve))
  }

  /** Passes everything on that waits, and from now on each report at once: nobody can wait. */
  stop(): void {
    this.#isReading = false
    for (const waiting of this.#waiting) waiting.code ??= this.#missed()
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
    const [oldest] = this.#waiting
    if (oldest !== undefined && this.#waiting.length > MAX_WAITING) {
      oldest.code ??= this.#missed()
      this.#passReady()
    }
    return waiting
  }

  #passReady(): void {
    for (let [first] = this.#waiting; first?.code !== undefined; [first] = this.#waiting) {
      this.#waiting.shift()
      this.#count(first.code)
      first.passOn(first.code)
    }
    if (this.#waiting.length > 0) return
    const callbacks = this.#idleCallbacks
    this.#idleCallbacks = []
    for (const callback of callbacks) callback()
  }

  #count(code: readonly CodeReport[]): void {
    if (code.length > 0) this.#counts.added++
  }

  #missed(): CodeReport[] {
    this.#counts.missed++
    return []
  }
}
