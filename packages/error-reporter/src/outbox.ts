import { toJsonValue } from '@fastify-scs/core'
import type { FastifyBaseLogger, FastifyReply } from 'fastify'
import type { ReporterCallbackFailures } from './callbacks.js'
import type { Courier } from './delivery/courier.js'
import type { Confirm } from './group.js'
import type { ResolvedOptions } from './options.js'
import type { CrashReport } from './report/crash-report.js'
import {
  buildReport,
  describeGroup,
  type Occurrence,
  type ReportSources,
} from './report/report-builder.js'

/** What an outbox works with. */
export interface OutboxParts {
  readonly beforeReport: ResolvedOptions['beforeReport']
  readonly courier: Courier
  readonly failures: ReporterCallbackFailures
  readonly sources: ReportSources
  readonly log: FastifyBaseLogger
}

/** Makes reports of occurrences, lets `beforeReport` see them and hands them to the courier. */
export class Outbox {
  readonly #parts: OutboxParts
  /** Those whose answers have not left yet. */
  readonly #pending = new Set<() => void>()
  /** Reports that wait to hear whether they are due for all instances together. */
  readonly #asking = new Map<CrashReport, Promise<void>>()
  readonly #reported = { fatal: 0, nonFatal: 0 }
  #dropped = 0

  constructor(parts: OutboxParts) {
    this.#parts = parts
  }

  /** Reports now; the delivery itself begins later. */
  send(occurrence: Occurrence): void {
    const report = this.#build(occurrence)
    const { confirm } = occurrence.verdict
    if (confirm !== undefined) this.#ask(report, confirm)
    else if (report !== undefined) this.#deliver(report)
  }

  /** Reports when the answer has left, or its client. */
  sendAfter(reply: FastifyReply | null, occur: () => Occurrence): void {
    const settle = (): void => {
      if (this.#pending.delete(settle)) this.send(occur())
    }
    this.#pending.add(settle)
    if (reply === null || reply.raw.destroyed || reply.raw.closed) setImmediate(settle)
    else reply.raw.once('close', settle)
  }

  /** Reports everything that still waits for its answer. */
  settleAll(): void {
    for (const settle of this.#pending) settle()
  }

  /** Resolves when it is known of every report so far whether it is due. */
  async answered(): Promise<void> {
    while (this.#asking.size > 0) await Promise.all(this.#asking.values())
  }

  /** Reports everything that waits to hear whether it is due: nobody can wait any longer. */
  stopAsking(): void {
    for (const report of this.#asking.keys()) {
      this.#asking.delete(report)
      this.#deliver(report)
    }
  }

  /** Reports for the last time, before it returns: the process ends. */
  sendLast(occurrence: Occurrence): void {
    const report = this.#build(occurrence)
    const final = report === undefined ? undefined : this.#finish(report)
    if (final !== undefined) this.#parts.courier.sendNow(final)
    this.settleAll()
    this.stopAsking()
    this.#parts.courier.giveUpAll('the process ends')
  }

  stats(): { readonly reported: { fatal: number; nonFatal: number }; readonly dropped: number } {
    return { reported: { ...this.#reported }, dropped: this.#dropped }
  }

  /** Asks also for a report that could not be built: the other instances wait for the answer as well. */
  #ask(report: CrashReport | undefined, confirm: Confirm): void {
    const answered = confirm().then((verdict) => {
      // Meanwhile nobody may have been able to wait, and the report is on its way.
      if (report === undefined || !this.#asking.delete(report) || verdict === undefined) return
      this.#deliver({ ...report, group: describeGroup(verdict) })
    })
    if (report !== undefined) this.#asking.set(report, answered)
  }

  #build(occurrence: Occurrence): CrashReport | undefined {
    const { failures, sources, log } = this.#parts
    const build = (): CrashReport | undefined => buildReport(occurrence, sources)
    const report = failures.guard('build', build, undefined, log, 'nothing was reported')
    if (report === undefined) this.#dropped++
    return report
  }

  #deliver(report: CrashReport): void {
    const final = this.#finish(report)
    if (final !== undefined) this.#parts.courier.send(final)
  }

  /** The report as `beforeReport` leaves it, counted. */
  #finish(report: CrashReport): CrashReport | undefined {
    const final = this.#shown(report)
    if (final === undefined) this.#dropped++
    else this.#reported[final.is_fatal_error ? 'fatal' : 'nonFatal']++
    return final
  }

  /** When `beforeReport` fails nothing is reported: it may be what keeps data private. */
  #shown(report: CrashReport): CrashReport | undefined {
    const { beforeReport: before, failures, log } = this.#parts
    if (before === undefined) return report
    const call = (): CrashReport | null => {
      const result = before(report)
      return result === undefined ? report : result
    }
    const changed = failures.guard('beforeReport', call, null, log, 'the report was dropped')
    // Copied, since the application may have put anything into it.
    return changed === null ? undefined : (toJsonValue(changed) as CrashReport)
  }
}
