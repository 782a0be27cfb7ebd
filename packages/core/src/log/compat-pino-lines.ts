import { symbolOf } from './compat-pino.js'

/*
 * How the lines of a pino logger are seen, each with the logger that makes it. pino documents no way to do that for a logger that is
 * made already: its hooks are options, and know no logger. test/log/compat-pino-lines.test.ts tells when a release of pino no longer has
 * what is used here; `PinoLines.of` then finds nothing, or lines have no message, and reports go without the lines of their request.
 */

/** Makes a line; pino calls it on the logger that writes it. */
type MakeLine = (
  this: object,
  entry: unknown,
  message: unknown,
  level: number,
  time: string,
) => string

/** Gets each line that is written, with the logger that writes it; must not throw. */
export type LineListener = (logger: object, level: number, message: unknown, line: string) => void

type Fields = Readonly<Record<symbol, unknown>>

/** The lines of a pino logger and of the loggers that are made of it. */
export class PinoLines {
  readonly #log: object
  readonly #makeLine: symbol
  readonly #bindings: symbol | undefined
  readonly #messageKey: symbol | undefined

  private constructor(log: object, makeLine: symbol) {
    this.#log = log
    this.#makeLine = makeLine
    this.#bindings = symbolOf(log, 'pino.chindings')
    this.#messageKey = symbolOf(log, 'pino.messageKey')
  }

  /** Those of an app's logger; undefined for one that is not pino's. */
  static of(log: object): PinoLines | undefined {
    const makeLine = symbolOf(log, 'pino.asJson')
    const isFound = makeLine !== undefined && typeof (log as Fields)[makeLine] === 'function'
    return isFound ? new PinoLines(log, makeLine) : undefined
  }

  /**
   * Calls a listener with each further line of the loggers that are made of this one, until the function that is returned is called. The line, the stream and everything else of the logger
   * stay as they are: pino makes loggers with other loggers as their prototypes, so a function of the app's logger is that of all its children.
   *
   * @throws TypeError when the logger is frozen
   */
  listen(listener: LineListener): () => void {
    const key = this.#makeLine
    const log = this.#log as { [key]?: MakeLine }
    const own = Object.getOwnPropertyDescriptor(log, key)
    const made = log[key] as MakeLine
    let listening: LineListener | undefined = listener
    function makeLine(
      this: object,
      entry: unknown,
      message: unknown,
      level: number,
      time: string,
    ): string {
      const line = made.call(this, entry, message, level, time)
      if (listening !== undefined && this !== log) listening(this, level, message, line)
      return line
    }
    log[key] = makeLine
    return () => {
      listening = undefined
      // Where somebody has put a function of their own around this one, it stays and only passes on.
      if (log[key] !== makeLine) return
      if (own === undefined) delete log[key]
      else Object.defineProperty(log, key, own)
    }
  }

  /**
   * The logger that was made for a request, by a logger that a line was written with: of those that it was made of, the first one that has such a
   * binding. Undefined for loggers that belong to no request.
   */
  requestLoggerOf(logger: object, fragment: string): object | undefined {
    let found: object | undefined
    for (
      let at: object | null = logger;
      at !== null && at !== this.#log;
      at = Object.getPrototypeOf(at)
    ) {
      if (this.hasBinding(at, fragment)) found = at
    }
    return found
  }

  /** Whether a logger was made of the app's logger itself, as those of requests are by default. */
  isMadeOfApp(logger: object): boolean {
    return Object.getPrototypeOf(logger) === this.#log
  }

  /** Whether the bindings of a logger, which pino keeps as a fragment of JSON (`,"reqId":"req-1"`), have this in it. */
  hasBinding(logger: object, fragment: string): boolean {
    const bindings = this.#bindings && (logger as Fields)[this.#bindings]
    return typeof bindings === 'string' && bindings.includes(fragment)
  }

  /** The message of a line, as the destination gets it; undefined where it has none. */
  messageOf(logger: object, line: string): string | undefined {
    const key = this.#messageKey && (logger as Fields)[this.#messageKey]
    if (typeof key !== 'string') return undefined
    try {
      const message: unknown = JSON.parse(asWritten(logger, line))[key]
      return typeof message === 'string' || typeof message === 'number' ? `${message}` : undefined
    } catch {
      // A hook of the application failed, or made something else of the line than JSON.
      return undefined
    }
  }
}

/** The name of a level, in lower case as a rule. */
export function levelName(logger: object, level: number): string {
  const { labels } = (logger as { readonly levels?: { readonly labels?: unknown } }).levels ?? {}
  const name = (labels as Readonly<Record<number, unknown>> | undefined)?.[level]
  return typeof name === 'string' ? name : `${level}`
}

/** pino's hook `streamWrite` may take secrets out of a line on its way to the stream. */
function asWritten(logger: object, line: string): string {
  const hooks = (logger as Fields)[Symbol.for('pino.hooks')] as
    | { readonly streamWrite?: unknown }
    | undefined
  const { streamWrite } = hooks ?? {}
  return typeof streamWrite === 'function' ? String(streamWrite(line)) : line
}
