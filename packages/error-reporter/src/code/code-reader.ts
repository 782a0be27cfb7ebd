import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Redactor } from '@fastify-scs/core'
import { errorForLog, within } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger } from 'fastify'
import type { CodeReport, CrashReport } from '../report/crash-report.js'
import { CodeThread } from './code-thread.js'
import { type OwnFrame, OwnFrames } from './own-frames.js'
import { PlaceCache } from './place-cache.js'
import { redactedCode } from './redacted-code.js'

/** How long a report waits for its lines of code, in milliseconds: on a busy machine the thread takes more than one second to start. */
export const WAIT_MS = 3_000
/** Questions that the thread may have at a time; with more, it would not answer in time. */
const MAX_ASKED = 100
const NO_WORKER = 'the module code-worker.js is not found; in a bundle, name it as code.workerUrl'
/** Characters of all lines of code of a report. */
const MAX_CODE_CHARS = 16_384

/** What a reader works with. */
export interface CodeReaderParts {
  /** The application's root, as it was given and as its real path. */
  readonly roots: readonly [given: string, real: string]
  /** The module of the thread; undefined where it was not found. */
  readonly workerUrl: URL | undefined
  readonly redactor: Redactor
  readonly log: FastifyBaseLogger
}

/** Reads the lines of code around a report's own frames, in a thread. */
export class CodeReader {
  readonly #parts: CodeReaderParts
  readonly #thread: CodeThread | undefined
  readonly #frames: OwnFrames
  readonly #places = new PlaceCache()
  /** By place: whether its code is known when the thread has answered. */
  readonly #reading = new Map<string, Promise<boolean>>()
  #hasLogged = false

  constructor(parts: CodeReaderParts) {
    const { roots, workerUrl } = parts
    const startedAtMs = Date.now() - process.uptime() * 1000
    this.#parts = parts
    this.#frames = new OwnFrames(roots)
    this.#thread =
      workerUrl &&
      new CodeThread(workerUrl, { root: roots[1], startedAtMs }, (error) => this.#tell(error))
  }

  /** The frames of a report whose code may be read. */
  framesOf(report: CrashReport): readonly OwnFrame[] {
    return this.#frames.of(report)
  }

  /** The code around the frames; undefined where it is still to be read. */
  known(frames: readonly OwnFrame[]): CodeReport[] | undefined {
    const isKnown = frames.every(({ key }) => this.#places.get(key) !== undefined)
    return isKnown ? this.#codeOf(frames) : undefined
  }

  /** Reads the code around the frames; undefined when that takes too long, or fails. Never rejects. */
  async read(frames: readonly OwnFrame[]): Promise<CodeReport[] | undefined> {
    const thread = this.#thread
    if (thread === undefined) {
      this.#tell(new Error(NO_WORKER))
      return undefined
    }
    // What was answered while the event loop was blocked is taken right behind the timers.
    const isRead = await within(this.#readAll(frames, thread), WAIT_MS, () => nextTurn())
    if (isRead === undefined) this.#giveUp(thread)
    return isRead ? this.#codeOf(frames) : undefined
  }

  async close(): Promise<void> {
    await this.#thread?.close()
  }

  /** Whether the code of all of them is known then. */
  async #readAll(frames: readonly OwnFrame[], thread: CodeThread): Promise<boolean> {
    const unknown = frames.filter(({ key }) => this.#places.get(key) === undefined)
    const others = unknown.filter(({ key }) => !this.#reading.has(key))
    if (others.length > 0) {
      if (thread.waiting >= MAX_ASKED) return false
      const read = this.#ask(others, thread)
      for (const { key } of others) this.#reading.set(key, read)
    }
    const results = await Promise.all(unknown.map(({ key }) => this.#reading.get(key)))
    return results.every(Boolean)
  }

  async #ask(frames: readonly OwnFrame[], thread: CodeThread): Promise<boolean> {
    // With `--enable-source-maps`, as under tsx, Node.js writes the places of the sources already.
    const areMapped = process.sourceMapsEnabled === true
    const found = await thread.ask({ places: frames.map(({ place }) => place), areMapped })
    const { redactor } = this.#parts
    for (const [index, { key }] of frames.entries()) {
      this.#reading.delete(key)
      const own = found?.find((each) => each.index === index)
      if (found !== undefined) this.#places.set(key, own ? redactedCode(own, redactor) : null)
    }
    return found !== undefined
  }

  /** The code that is known, each line of the source once. */
  #codeOf(frames: readonly OwnFrame[]): CodeReport[] {
    const all: CodeReport[] = []
    let chars = 0
    for (const { frame, key } of frames) {
      const place = this.#places.get(key)
      if (!place || all.some(({ file, line }) => file === place.file && line === place.line)) {
        continue
      }
      const { column, file, first_line, line, lines } = place
      chars += lines.reduce((sum, text) => sum + text.length, file.length)
      if (chars > MAX_CODE_CHARS) break
      // In the order of their names, as all fields of a report; `beforeReport` may change them.
      all.push({ column, file, first_line, frame, line, lines: [...lines] })
    }
    return all
  }

  #giveUp(thread: CodeThread): void {
    thread.unref()
    this.#tell(new Error(`it takes longer than ${WAIT_MS} ms`))
  }

  /** Once: a report without its lines of code is as good as any was. */
  #tell(error: unknown): void {
    if (this.#hasLogged) return
    this.#hasLogged = true
    const { log, redactor } = this.#parts
    const err = errorForLog(error, redactor)
    log.warn(
      { err },
      'the lines of code of a report could not be read; it is reported without them',
    )
  }
}
