import { writeSync } from 'node:fs'
import { errorForLog, type Redactor } from '@fastify-scs/core'
import type { FastifyBaseLogger } from 'fastify'
import type { DeliveryOptions } from '../options.js'
import type { CrashReport } from '../report/crash-report.js'
import type { ErrorReporter } from '../reporter.js'
import { DeliveryLane, type LaneListener, type LaneStats } from './delivery-lane.js'
import { Parcel } from './parcel.js'

/** Brings reports to the reporters, each on a lane of its own; what cannot be delivered goes to the log. */
export class Courier implements LaneListener {
  readonly #limits: Required<DeliveryOptions>
  readonly #log: FastifyBaseLogger
  readonly #redactor: Redactor
  readonly #lanes: DeliveryLane[] = []

  constructor(limits: Required<DeliveryOptions>, log: FastifyBaseLogger, redactor: Redactor) {
    this.#limits = limits
    this.#log = log
    this.#redactor = redactor
  }

  add(reporter: ErrorReporter): void {
    this.#lanes.push(new DeliveryLane(reporter, this.#limits, this.#log, this))
  }

  /** Hands a report to every reporter, later. */
  send(report: CrashReport): void {
    const parcel = new Parcel(report)
    for (const lane of this.#lanes) lane.push(parcel)
  }

  /** Delivers before it returns, where a reporter can; on the standard error output when none can. */
  sendNow(report: CrashReport): void {
    const parcel = new Parcel(report)
    let isDelivered = false
    for (const { reporter } of this.#lanes) {
      if (reporter.sync === undefined) continue
      try {
        reporter.sync(report.title, parcel.messageFor(reporter), report, this.#log)
        isDelivered = true
      } catch (error) {
        this.onFailure(reporter.name, parcel, 1, error)
      }
    }
    if (!isDelivered) writeToStderr(report)
  }

  /** Resolves when every lane is empty. */
  async flush(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.idle()))
  }

  /** Delivers what it can until the deadline; the rest goes to the log. */
  async close(withinMs: number = this.#limits.shutdownMs): Promise<void> {
    for (const lane of this.#lanes) lane.beginClosing()
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise<void>((resolve) => {
      // Not unrefed: it alone may keep the process alive until the reports are out.
      timer = setTimeout(resolve, withinMs)
    })
    await Promise.race([this.flush(), deadline])
    clearTimeout(timer)
    this.giveUpAll('the app has closed')
  }

  /** Writes everything that is left to the log, before it returns. */
  giveUpAll(reason: string): void {
    for (const lane of this.#lanes) lane.giveUpAll(reason)
  }

  stats(): readonly LaneStats[] {
    return this.#lanes.map((lane) => lane.stats())
  }

  onFailure(reporter: string, { report }: Parcel, attempt: number, error: unknown): void {
    const err = errorForLog(error, this.#redactor)
    this.#log.warn({ reporter, attempt, errorId: report.error_id, err }, 'an error reporter failed')
  }

  onUndelivered(reporter: string, { report }: Parcel, reason: string): void {
    const errorId = report.error_id
    this.#log.error({ reporter, reason, errorId, report }, 'a report was not delivered')
  }
}

function writeToStderr(report: CrashReport): void {
  try {
    writeSync(2, `${JSON.stringify(report)}\n`)
  } catch {
    // Nobody reads the standard error output any more, and nothing else is left.
  }
}
