import type { Redactor } from '@fastify-scs/core'
import { errorForLog, within } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger } from 'fastify'
import type { CodeReport, CrashReport } from '../report/crash-report.js'
import { CodeThread } from './code-thread.js'
import { type OwnFrame, ownFramesOf } from './own-frames.js'
import { redactedCode } from './redacted-code.js'

/** How long a report waits for its lines of code, in milliseconds. */
export const WAIT_MS = 1_000
/** Reports that may wait for their lines of code; others go without. */
export const MAX_WAITING = 100

/** What became of the lines of code of the reports. */
export interface CodeStats {
  /** Reports that have got lines of code. */
  readonly added: number
  /** Reports with frames of the application that went without, because reading took too long or failed. */
  readonly missed: number
}

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
  #added = 0
  #missed = 0
  #hasLogged = false

  constructor(parts: CodeReaderParts) {
    const { roots, workerUrl } = parts
    const startedAtMs = Date.now() - process.uptime() * 1000
    this.#parts = parts
    this.#thread =
      workerUrl &&
      new CodeThread(workerUrl, { root: roots[1], startedAtMs }, (error) => this.#tell(error))
  }

  /** The frames of a report whose code may be read; none where nothing can be read. */
  framesOf(report: CrashReport): readonly OwnFrame[] {
    const frames = ownFramesOf(report, this.#parts.roots)
    if (frames.length === 0 || this.#thread !== undefined) return frames
    this.#missed++
    this.#tell(
      new Error('the module code-worker.js is not found; in a bundle, name it as code.workerUrl'),
    )
    return []
  }

  /** The code around the frames, redacted; empty when it takes too long. Never rejects. */
  async read(frames: readonly OwnFrame[]): Promise<CodeReport[]> {
    const thread = this.#thread
    if (thread === undefined || thread.waiting >= MAX_WAITING) return this.#miss()
    // With `--enable-source-maps`, as under tsx, Node.js writes the places of the sources already.
    const areMapped = process.sourceMapsEnabled === true
    const asked = thread.ask({ places: frames.map(({ place }) => place), areMapped })
    const found = await within(asked, WAIT_MS, () => this.#giveUp(thread))
    if (found === undefined) return this.#miss()
    const code = redactedCode(frames, found, this.#parts.redactor)
    if (code.length > 0) this.#added++
    return code
  }

  stats(): CodeStats {
    return { added: this.#added, missed: this.#missed }
  }

  async close(): Promise<void> {
    await this.#thread?.close()
  }

  #miss(): CodeReport[] {
    this.#missed++
    return []
  }

  #giveUp(thread: CodeThread): undefined {
    thread.unref()
    this.#tell(new Error(`it takes longer than ${WAIT_MS} ms`))
    return undefined
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
