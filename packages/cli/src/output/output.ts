import { once } from 'node:events'
import { printableText } from '@fastify-scs/core/kit'
import { withoutSecrets } from '../failure.js'
import type { Io } from '../io.js'
import { type Colour, type Paint, painter } from './colour.js'
import { type Cell, type Column, Table } from './table.js'
import type { WatchedSink } from './watched-sink.js'

/** Between two changes of a progress line, in milliseconds. */
const PROGRESS_MS = 100
const CLEAR_LINE = '\r\u001b[2K'

/** Writes what the program answers: tables for people, JSON lines for programs. */
export class Output {
  /** Whether people read it. */
  readonly isTable: boolean
  readonly paint: Paint
  readonly #io: Io
  readonly #watched: WatchedSink
  #progressAt = Number.NEGATIVE_INFINITY
  #hasProgress = false

  /** @param watched the standard output */
  constructor(io: Io, watched: WatchedSink, form: 'json' | 'table' | undefined) {
    this.#io = io
    this.#watched = watched
    this.isTable = form === undefined ? io.stdout.isTTY === true : form === 'table'
    this.paint = painter(io.stdout, io.env)
  }

  /** Columns of the terminal; nothing is cut where the output is no terminal and COLUMNS says nothing. */
  get width(): number {
    const { stdout, env } = this.#io
    const given = Number(env.COLUMNS)
    if (stdout.isTTY === true && stdout.columns !== undefined && stdout.columns > 0)
      return stdout.columns
    return Number.isInteger(given) && given > 0 ? given : Number.POSITIVE_INFINITY
  }

  /** Whether the standard output is a terminal. */
  get isTerminal(): boolean {
    return this.#io.stdout.isTTY === true
  }

  /** Writes as it is, and waits while the reader is behind. @throws ReaderLeftError, and what the stream failed with */
  async write(text: string): Promise<void> {
    const { stdout } = this.#io
    this.#clearProgress()
    this.#watched.check()
    if (text === '' || stdout.write(text)) return
    // The pipe is full, or closed: then there is an error, and no drain.
    const failed = (): void => {}
    await Promise.race(
      [once(stdout, 'drain'), once(stdout, 'close')].map((end) => end.catch(failed)),
    )
    this.#watched.check()
  }

  /** Writes a value as a line of JSON, whose control characters are escapes. */
  json(value: unknown): Promise<void> {
    return this.write(`${printableText(JSON.stringify(value))}\n`)
  }

  /** Writes recorded text of several lines: on a terminal without control characters. */
  recorded(text: string): Promise<void> {
    if (!this.isTerminal) return this.write(text)
    const lines = text.replaceAll('\r\n', '\n').split('\n')
    return this.write(lines.map(printableText).join('\n'))
  }

  /** Writes a line for people, without control characters. */
  line(text = '', colour?: Colour): Promise<void> {
    return this.write(`${this.paint(colour, printableText(text))}\n`)
  }

  /** A table in the width of the terminal. */
  table(columns: readonly Column[]): Table {
    return new Table(columns, { width: this.width, paint: this.paint })
  }

  /** Writes one whole table. */
  rows(columns: readonly Column[], rows: readonly (readonly Cell[])[]): Promise<void> {
    return this.write(this.table(columns).lines(rows))
  }

  /** Says something to people, beside the answer. */
  note(text: string): void {
    this.#clearProgress()
    this.#io.stderr.write(`${printableText(withoutSecrets(text))}\n`)
  }

  /** Shows how far long work is, in one line that changes; only on a terminal. */
  progress(text: string): void {
    if (this.#io.stderr.isTTY !== true) return
    if (performance.now() - this.#progressAt < PROGRESS_MS) return
    this.#progressAt = performance.now()
    this.#hasProgress = true
    this.#io.stderr.write(`${CLEAR_LINE}${printableText(text)}`)
  }

  /** Removes the line of progress. */
  done(): void {
    this.#clearProgress()
  }

  #clearProgress(): void {
    if (!this.#hasProgress) return
    this.#hasProgress = false
    this.#io.stderr.write(CLEAR_LINE)
  }
}
