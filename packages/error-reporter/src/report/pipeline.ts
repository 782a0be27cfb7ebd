import { toJsonValue } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger, FastifyReply } from 'fastify'
import type { ReporterCallbackFailures } from '../callbacks.js'
import type { Courier } from '../delivery/dispatcher.js'
import type { Confirm } from '../groups/group.js'
import type { ResolvedOptions } from '../options.js'
import { buildReport, describeGroup, type Occurrence, type ReportSources } from './build-report.js'
import { oneLine } from './caps.js'
import type { CrashReport } from './crash-report.js'

/** What an outbox works with. */
export interface OutboxParts {
  readonly beforeReport: ResolvedOptions['beforeReport']
  readonly courier: Courier
  readonly failures: ReporterCallbackFailures
  readonly sources: ReportSources
  readonly log: FastifyBaseLogger
}

/** A report on its way to the courier. */
interface Draft {
  /** Undefined for one that could not be built, or that `beforeReport` has dropped. */
  readonly report: CrashReport | undefined
  /** What was thrown or caught, for the reporters alone. */
  readonly error: unknown
  /** Whether `beforeReport` has seen it. */
  readonly isFinal: boolean
  readonly confirm: Confirm | undefined
}

/** Makes reports of occurrences, lets `beforeReport` see them and hands them to the courier. */
export class Outbox {
  readonly #parts: OutboxParts
  /** Those whose answers have not left yet. */
  readonly #pending = new Set<() => void>()
  /** Reports that wait to hear whether they are due for all instances together. */
  readonly #asking = new Map<Draft, Promise<void>>()
  readonly #reported = { fatal: 0, nonFatal: 0 }
  #dropped = 0

  constructor(parts: OutboxParts) {
    this.#parts = parts
  }

  /** Reports now; the delivery itself begins later. */
  send(occurrence: Occurrence): void {
    this.#pass(this.#draft(occurrence))
  }

  /** Reports when the answer has left, or its client; what must not be lost is kept before. */
  sendAfter(reply: FastifyReply | null, occur: () => Occurrence): void {
    const early = this.#parts.courier.hasKeepers ? this.#draft(occur()) : undefined
    const settle = (): void => {
      if (this.#pending.delete(settle)) this.#pass(early ?? this.#draft(occur()))
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
    for (const draft of this.#asking.keys()) {
      this.#asking.delete(draft)
      this.#deliver(draft)
    }
  }

  /** Reports for the last time, before it returns: the process ends. */
  sendLast(occurrence: Occurrence): void {
    const report = this.#build(occurrence)
    const final = report === undefined ? undefined : this.#finish(report)
    if (final !== undefined) this.#parts.courier.sendNow(final, occurrence.caught)
    this.endNow()
  }

  /** Reports everything that waits for anything, before it returns: the process ends. */
  endNow(): void {
    this.settleAll()
    this.stopAsking()
    this.#parts.courier.endNow()
  }

  stats(): { readonly reported: { fatal: number; nonFatal: number }; readonly dropped: number } {
    return { reported: { ...this.#reported }, dropped: this.#dropped }
  }

  #draft(occurrence: Occurrence): Draft {
    const { courier } = this.#parts
    const { caught: error, verdict } = occurrence
    const { confirm } = verdict
    const report = this.#build(occurrence)
    if (report === undefined || !courier.hasKeepers) {
      return { report, error, isFinal: false, confirm }
    }
    const final = this.#finish(report)
    if (final !== undefined) courier.keep(final, error)
    return { report: final, error, isFinal: true, confirm }
  }

  #pass(draft: Draft): void {
    const { confirm } = draft
    if (confirm === undefined) this.#deliver(draft)
    else this.#ask(draft, confirm)
  }

  /** Asks also for a report that could not be built: the other instances wait for the answer as well. */
  #ask(draft: Draft, confirm: Confirm): void {
    const { report } = draft
    const answered = confirm().then((verdict) => {
      // Meanwhile nobody may have been able to wait, and the report is on its way.
      if (report === undefined || !this.#asking.delete(draft) || verdict === undefined) return
      this.#deliver({ ...draft, report: { ...report, group: describeGroup(verdict) } })
    })
    if (report !== undefined) this.#asking.set(draft, answered)
  }

  #build(occurrence: Occurrence): CrashReport | undefined {
    const { failures, sources, log } = this.#parts
    const build = (): CrashReport | undefined => buildReport(occurrence, sources)
    const report = failures.guard('build', build, undefined, log, 'nothing was reported')
    if (report === undefined) this.#dropped++
    return report
  }

  #deliver({ report, error, isFinal }: Draft): void {
    if (report === undefined) return
    const final = isFinal ? report : this.#finish(report)
    if (final !== undefined) this.#parts.courier.send(final, error)
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
    if (changed === null) return undefined
    // Copied, since the application may have put anything into it.
    const copy = toJsonValue(changed) as CrashReport
    return { ...copy, title: oneLine(String(copy.title)) }
  }
}
