import { toJsonValue } from '@fastify-scs/core'
import type { FastifyReply } from 'fastify'
import type { CallbackFailures } from './callback-failures.js'
import type { Courier } from './delivery/courier.js'
import type { ResolvedOptions } from './options.js'
import type { CrashReport } from './report/crash-report.js'
import { buildReport, type Occurrence, type ReportSources } from './report/report-builder.js'

/** Makes reports of occurrences, lets `beforeReport` see them and hands them to the courier. */
export class Outbox {
  readonly #beforeReport: ResolvedOptions['beforeReport']
  readonly #courier: Courier
  readonly #failures: CallbackFailures
  readonly #sources: ReportSources
  /** Those whose answers have not left yet. */
  readonly #pending = new Set<() => void>()
  readonly #reported = { fatal: 0, nonFatal: 0 }
  #dropped = 0

  constructor(
    options: ResolvedOptions,
    courier: Courier,
    failures: CallbackFailures,
    sources: ReportSources,
  ) {
    this.#beforeReport = options.beforeReport
    this.#courier = courier
    this.#failures = failures
    this.#sources = sources
  }

  /** Reports now; the delivery itself begins later. */
  send(occurrence: Occurrence): void {
    const report = this.#make(occurrence)
    if (report !== undefined) this.#courier.send(report)
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

  /** Reports for the last time, before it returns: the process ends. */
  sendLast(occurrence: Occurrence): void {
    const report = this.#make(occurrence)
    if (report !== undefined) this.#courier.sendNow(report)
    this.settleAll()
    this.#courier.giveUpAll('the process ends')
  }

  stats(): { readonly reported: { fatal: number; nonFatal: number }; readonly dropped: number } {
    return { reported: { ...this.#reported }, dropped: this.#dropped }
  }

  #make(occurrence: Occurrence): CrashReport | undefined {
    const { guard } = this.#failures
    const build = (): CrashReport => buildReport(occurrence, this.#sources)
    const report = guard.call(this.#failures, 'build', build, undefined, 'nothing was reported')
    const final = report === undefined ? undefined : this.#shown(report as CrashReport)
    if (final === undefined) {
      this.#dropped++
      return undefined
    }
    this.#reported[final.is_fatal_error ? 'fatal' : 'nonFatal']++
    return final
  }

  /** The report as `beforeReport` leaves it. When that fails nothing is reported: it may be what keeps data private. */
  #shown(report: CrashReport): CrashReport | undefined {
    const before = this.#beforeReport
    if (before === undefined) return report
    const call = (): CrashReport | null => {
      const result = before(report)
      return result === undefined ? report : result
    }
    const changed = this.#failures.guard('beforeReport', call, null, 'the report was dropped')
    // Copied, since the application may have put anything into it.
    return changed === null ? undefined : (toJsonValue(changed) as CrashReport)
  }
}
