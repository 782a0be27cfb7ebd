import { writeSync } from 'node:fs'
import type { Redactor } from '@fastify-scs/core'
import { errorForLog, LineLimiter, within } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger } from 'fastify'
import type { DeliveryLimits } from '../options.js'
import type { CrashReport } from '../report/crash-report.js'
import type { ErrorReporter } from '../reporters/reporter.js'
import { OutgoingReport } from './outgoing-report.js'
import { type QueueListener, type QueueStats, ReporterQueue } from './reporter-queue.js'

/** Lines of one kind that are logged at once; then it is one a second, since a line with a whole report costs more than ten answers. */
export const MAX_LINES_AT_ONCE = 10

/** Hands reports to the reporters, each through a queue of its own; what cannot be delivered goes to the log. */
export class Dispatcher implements QueueListener {
  readonly #limits: DeliveryLimits
  readonly #log: FastifyBaseLogger
  readonly #redactor: Redactor
  readonly #queues: ReporterQueue[] = []
  /** Those of them whose reporters take a report before its answer ends. */
  readonly #durable: ReporterQueue[] = []
  readonly #failureLines: LineLimiter
  readonly #undeliveredLines: LineLimiter
  /** While what is left is given up, every report is written to the log: there are as many as the queues hold, once. */
  #isEnding = false

  constructor(limits: DeliveryLimits, log: FastifyBaseLogger, redactor: Redactor) {
    this.#limits = limits
    this.#log = log
    this.#redactor = redactor
    this.#failureLines = new LineLimiter(log, {
      linesAtOnce: MAX_LINES_AT_ONCE,
      summarize: (attempts) =>
        log.warn({ attempts }, 'error reporters failed more often than is logged one by one'),
    })
    this.#undeliveredLines = new LineLimiter(log, {
      linesAtOnce: MAX_LINES_AT_ONCE,
      summarize: (reports) =>
        log.error({ reports }, 'more reports were not delivered than are logged one by one'),
    })
  }

  add(reporter: ErrorReporter): void {
    this.#queues.push(new ReporterQueue(reporter, this.#limits, this.#log, this))
  }

  /** Adds a reporter whose reports must survive whatever ends the process: `sendDurable` calls it. */
  addDurable(reporter: ErrorReporter): void {
    const queue = new ReporterQueue(reporter, this.#limits, this.#log, this)
    this.#queues.push(queue)
    this.#durable.push(queue)
  }

  /** Whether reports are to be passed to `sendDurable` as soon as they are built. */
  get hasDurable(): boolean {
    return this.#durable.length > 0
  }

  /** Delivers a report to the durable reporters before it returns. */
  sendDurable(report: CrashReport, error: unknown): void {
    const outgoing = new OutgoingReport(report, error)
    for (const queue of this.#durable) if (!queue.deliverNow(outgoing)) queue.push(outgoing)
  }

  /** Delivers a newer version of a report that was passed to `sendDurable`, before it returns; it counts as the same report. */
  sendDurableAgain(report: CrashReport, error: unknown): void {
    const outgoing = new OutgoingReport(report, error)
    for (const queue of this.#durable) queue.deliverNow(outgoing, { isNew: false })
  }

  /** Queues a report for every reporter but the durable ones. */
  send(report: CrashReport, error?: unknown): void {
    const outgoing = new OutgoingReport(report, error)
    for (const queue of this.#queues) if (!this.#durable.includes(queue)) queue.push(outgoing)
  }

  /** Delivers before it returns, where a reporter can; on the standard error output when none can. */
  sendNow(report: CrashReport, error: unknown): void {
    const outgoing = new OutgoingReport(report, error)
    const delivered = this.#queues.filter((queue) => queue.deliverNow(outgoing))
    if (delivered.length === 0) writeToStderr(report)
  }

  /** Resolves when every queue is empty. */
  async flush(): Promise<void> {
    await Promise.all(this.#queues.map((queue) => queue.idle()))
  }

  /** Delivers what it can until the deadline; the rest goes to the log. */
  async close(withinMs: number = this.#limits.shutdownMs): Promise<void> {
    this.#isEnding = true
    for (const queue of this.#queues) queue.beginClosing()
    await within(this.flush(), withinMs)
    for (const queue of this.#queues) queue.giveUpAll('the app has closed')
    this.#endLines()
  }

  /** Delivers everything that is left before it returns, and writes to the log what no reporter can: the process ends. */
  endNow(): void {
    this.#isEnding = true
    for (const queue of this.#queues) queue.endNow('the process ends')
    this.#endLines()
  }

  stats(): readonly QueueStats[] {
    return this.#queues.map((queue) => queue.stats())
  }

  onFailure(reporter: string, { report }: OutgoingReport, attempt: number, error: unknown): void {
    if (!this.#isEnding && !this.#failureLines.mayWrite(reporter)) return
    const err = errorForLog(error, this.#redactor)
    this.#log.warn({ reporter, attempt, errorId: report.error_id, err }, 'an error reporter failed')
  }

  onUndelivered(reporter: string, { report }: OutgoingReport, reason: string): void {
    if (!this.#isEnding && !this.#undeliveredLines.mayWrite(reporter)) return
    const errorId = report.error_id
    this.#log.error({ reporter, reason, errorId, report }, 'a report was not delivered')
  }

  /** Limits the lines again, as the application may go on reporting after the end. */
  #endLines(): void {
    this.#failureLines.close()
    this.#undeliveredLines.close()
    this.#isEnding = false
  }
}

function writeToStderr(report: CrashReport): void {
  try {
    writeSync(2, `${JSON.stringify(report)}\n`)
  } catch {
    // The standard error output is closed, and nothing else is left.
  }
}
