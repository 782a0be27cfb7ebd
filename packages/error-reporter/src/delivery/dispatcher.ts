import { writeSync } from 'node:fs'
import type { Redactor } from '@fastify-scs/core'
import { errorForLog } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger } from 'fastify'
import type { DeliveryOptions } from '../options.js'
import type { CrashReport } from '../report/crash-report.js'
import type { ErrorReporter } from '../reporters/reporter.js'
import { LineBudget } from './line-budget.js'
import { Parcel } from './outgoing-report.js'
import { DeliveryLane, type LaneListener, type LaneStats } from './reporter-queue.js'

/** Brings reports to the reporters, each on a lane of its own; what cannot be delivered goes to the log. */
export class Courier implements LaneListener {
  readonly #limits: Required<DeliveryOptions>
  readonly #log: FastifyBaseLogger
  readonly #redactor: Redactor
  readonly #lanes: DeliveryLane[] = []
  /** Those of them that take a report before its answer ends. */
  readonly #keepers: DeliveryLane[] = []
  /** Of failed attempts, and of reports that were not delivered. */
  readonly #failureLines: LineBudget
  readonly #undeliveredLines: LineBudget
  /** Whether what is left is given up: as much as the queues hold, and for the last time, so all of it is written. */
  #isEnding = false

  constructor(limits: Required<DeliveryOptions>, log: FastifyBaseLogger, redactor: Redactor) {
    this.#limits = limits
    this.#log = log
    this.#redactor = redactor
    this.#failureLines = new LineBudget(log, (attempts) =>
      log.warn({ attempts }, 'error reporters failed more often than is told one by one'),
    )
    this.#undeliveredLines = new LineBudget(log, (reports) =>
      log.error({ reports }, 'more reports were not delivered than are told one by one'),
    )
  }

  add(reporter: ErrorReporter): void {
    this.#lanes.push(new DeliveryLane(reporter, this.#limits, this.#log, this))
  }

  /** Adds a reporter whose reports must not be lost, whatever ends the process: it is called by `keep`. */
  addKeeper(reporter: ErrorReporter): void {
    const lane = new DeliveryLane(reporter, this.#limits, this.#log, this)
    this.#lanes.push(lane)
    this.#keepers.push(lane)
  }

  /** Whether reports are to be handed to `keep` as soon as they can be made. */
  get hasKeepers(): boolean {
    return this.#keepers.length > 0
  }

  /** Hands a report to the keepers, before it returns. */
  keep(report: CrashReport, error: unknown): void {
    const parcel = new Parcel(report, error)
    for (const lane of this.#keepers) if (!lane.deliverNow(parcel)) lane.push(parcel)
  }

  /** Hands a report to every reporter that has not kept it, later. */
  send(report: CrashReport, error?: unknown): void {
    const parcel = new Parcel(report, error)
    for (const lane of this.#lanes) if (!this.#keepers.includes(lane)) lane.push(parcel)
  }

  /** Delivers before it returns, where a reporter can; on the standard error output when none can. */
  sendNow(report: CrashReport, error: unknown): void {
    const parcel = new Parcel(report, error)
    const delivered = this.#lanes.filter((lane) => lane.deliverNow(parcel))
    if (delivered.length === 0) writeToStderr(report)
  }

  /** Resolves when every lane is empty. */
  async flush(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.idle()))
  }

  /** Delivers what it can until the deadline; the rest goes to the log. */
  async close(withinMs: number = this.#limits.shutdownMs): Promise<void> {
    this.#isEnding = true
    for (const lane of this.#lanes) lane.beginClosing()
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise<void>((resolve) => {
      // Not unrefed: it alone may keep the process alive until the reports are out.
      timer = setTimeout(resolve, withinMs)
    })
    await Promise.race([this.flush(), deadline])
    clearTimeout(timer)
    for (const lane of this.#lanes) lane.giveUpAll('the app has closed')
    this.#endLines()
  }

  /** Delivers everything that is left before it returns, and writes to the log what no reporter can: the process ends. */
  endNow(): void {
    this.#isEnding = true
    for (const lane of this.#lanes) lane.endNow('the process ends')
    this.#endLines()
  }

  stats(): readonly LaneStats[] {
    return this.#lanes.map((lane) => lane.stats())
  }

  onFailure(reporter: string, { report }: Parcel, attempt: number, error: unknown): void {
    if (!this.#isEnding && !this.#failureLines.take(reporter)) return
    const err = errorForLog(error, this.#redactor)
    this.#log.warn({ reporter, attempt, errorId: report.error_id, err }, 'an error reporter failed')
  }

  onUndelivered(reporter: string, { report }: Parcel, reason: string): void {
    if (!this.#isEnding && !this.#undeliveredLines.take(reporter)) return
    const errorId = report.error_id
    this.#log.error({ reporter, reason, errorId, report }, 'a report was not delivered')
  }

  /** From now on a storm is counted again, as somebody may go on reporting after the end. */
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
    // Nobody reads the standard error output any more, and nothing else is left.
  }
}
