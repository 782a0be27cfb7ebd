import type { FastifyInstance, FastifyRequest } from 'fastify'
import { logControllerOf } from '../answer/compat-fastify.js'
import { shortened } from '../kit/cut-text.js'
import type { Redactor } from '../redact/redactor.js'
import { WorkBudget } from '../redact/work-budget.js'
import type { LogLineFact } from '../request/facts.js'
import type { RequestFacts } from '../request/request-facts.js'
import { levelName, PinoLines } from './compat-pino-lines.js'
import { type LoggedLine, LoggedLines, MAX_CHARS } from './logged-lines.js'

/** Characters of a message that a report has. */
const MAX_MESSAGE_CHARS = 1_000
const TOO_LONG = `[a line of more than ${MAX_CHARS} characters]`

/** Lines that Fastify writes for every request. Reports tell of the arrival and the answer themselves. */
const ARRIVAL_LINE = 'incoming request'
const ANSWER_LINE = 'request completed'

/**
 * Keeps the newest lines of each request, and tells reports of them as the fact `log_lines`.
 *
 * @returns What ends it; undefined where the app's logger is not pino's, which includes `logger: false`.
 */
export function keepBreadcrumbs(
  app: FastifyInstance,
  facts: RequestFacts,
  redactor: Redactor,
): (() => void) | undefined {
  const log = PinoLines.of(app.log)
  if (log === undefined || Object.isFrozen(app.log)) return undefined
  const crumbs = new Breadcrumbs(log, labelOf(app), redactor)
  const endListening = log.listen((logger, level, message, line) => {
    if (message === ARRIVAL_LINE || message === ANSWER_LINE) return
    try {
      crumbs.add(logger, level, line)
    } catch {
      // A logger that the application has wrapped may throw when it is read. To say so here would be a line once more.
    }
  })
  const endTelling = facts.add('log_lines', (request) => crumbs.of(request))
  return () => {
    endListening()
    endTelling()
  }
}

/** What the id of a request is called in its log lines. */
function labelOf(app: FastifyInstance): string {
  const controller = logControllerOf(app) as { readonly requestIdLogLabel?: unknown } | undefined
  const label = controller?.requestIdLogLabel ?? app.initialConfig.requestIdLogLabel
  return typeof label === 'string' ? label : 'reqId'
}

type Holder = { [key: symbol]: LoggedLines | undefined }

class Breadcrumbs {
  readonly #log: PinoLines
  /** What comes before the id of a request in the bindings of its logger. */
  readonly #beforeId: string
  readonly #redactor: Redactor
  /** Where a logger has its lines: of this app alone, as others may share a logger with it. */
  readonly #key = Symbol('@fastify-scs/core/logged-lines')

  constructor(log: PinoLines, label: string, redactor: Redactor) {
    this.#log = log
    this.#beforeId = `${JSON.stringify(label)}:`
    this.#redactor = redactor
  }

  /** Called with every line of the service. */
  add(logger: object, level: number, line: string): void {
    const now = Date.now()
    // A logger finds the lines of the one that it was made of.
    const found = (logger as Holder)[this.#key]
    const isIts = found !== undefined && (found.logger === logger || this.#isOfRequest(found))
    const lines = isIts ? found : this.#begin(logger, now)
    lines.add(logger, level, line, now)
  }

  /** The lines of a request, the oldest first; undefined when it has logged none. */
  of(request: FastifyRequest): LogLineFact[] | undefined {
    const lines = (request.log as unknown as Holder)[this.#key]
    // Loggers that requests share, or that belong to the app, do not have its id.
    if (lines === undefined || !this.#hasId(lines.logger, request.id)) return undefined
    const budget = new WorkBudget()
    const facts = lines.list().flatMap((line) => this.#factOf(line, lines.since, budget))
    return facts.length === 0 ? undefined : facts
  }

  #begin(logger: object, now: number): LoggedLines {
    const owner = this.#log.isMadeOfApp(logger)
      ? logger
      : (this.#log.requestLoggerOf(logger, this.#beforeId) ?? logger)
    const lines = new LoggedLines(owner, now)
    if (Object.isExtensible(owner)) (owner as Holder)[this.#key] = lines
    return lines
  }

  /** Whether its bindings have the id. The log of SCS redacts one that looks like a secret, there too. */
  #hasId(logger: object, id: unknown): boolean {
    const ids = [id, typeof id === 'string' ? this.#redactor.text(id) : id]
    return ids.some((each) =>
      this.#log.hasBinding(logger, `${this.#beforeId}${JSON.stringify(each)}`),
    )
  }

  #isOfRequest(lines: LoggedLines): boolean {
    lines.isOfRequest ??= this.#log.hasBinding(lines.logger, this.#beforeId)
    return lines.isOfRequest
  }

  #factOf(line: LoggedLine, since: number, budget: WorkBudget): LogLineFact[] {
    const { logger, level, text, afterMs } = line
    const message = text === null ? TOO_LONG : this.#log.messageOf(logger, text)
    if (message === undefined) return []
    const redacted = shortened(this.#redactor.text(message, budget), MAX_MESSAGE_CHARS)
    return [{ at: since + afterMs, level: levelName(logger, level), message: redacted }]
  }
}
