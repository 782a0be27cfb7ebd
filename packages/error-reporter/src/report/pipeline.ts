import { toJsonValue } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger, FastifyReply } from 'fastify'
import type { CodeQueue } from '../code/code-queue.js'
import type { Dispatcher } from '../delivery/dispatcher.js'
import type { Confirm, Verdict } from '../groups/verdict.js'
import type { ReporterCallbackFailures, ResolvedOptions } from '../options.js'
import { buildReport, describeGroup, type Occurrence, type ReportSources } from './build-report.js'
import type { CrashReport } from './crash-report.js'
import { oneLine, regressionTitle } from './titles.js'

/** What a pipeline works with. */
export interface PipelineParts {
  readonly beforeReport: ResolvedOptions['beforeReport']
  readonly dispatcher: Dispatcher
  readonly code: CodeQueue
  readonly failures: ReporterCallbackFailures
  readonly sources: ReportSources
  readonly log: FastifyBaseLogger
  /** Called with each report that is handed to the reporters, in its last form. */
  readonly onReport: (report: CrashReport) => void
}

/** A report before it is dispatched. */
interface Draft {
  /** As it was built; undefined for one that could not be, or that `beforeReport` has dropped. */
  readonly report: CrashReport | undefined
  /** What the durable reporters have got of it, without its lines of code; undefined when they have got nothing yet. */
  readonly early: CrashReport | undefined
  /** What was thrown or caught; only the reporters get it. */
  readonly error: unknown
  readonly confirm: Confirm | undefined
}

/**
 * Brings an occurrence to the reporters: builds its report, asks the store whether it is due, has its lines of code read, calls
 * `beforeReport`, dispatches it.
 */
export class ReportPipeline {
  readonly #parts: PipelineParts
  /** Reports whose answers have not left yet. */
  readonly #pending = new Set<() => void>()
  /** Reports for which the store is asked whether they are due for all instances together. */
  readonly #asking = new Map<Draft, Promise<void>>()
  readonly #reported = { fatal: 0, nonFatal: 0 }
  #dropped = 0

  constructor(parts: PipelineParts) {
    this.#parts = parts
  }

  /** Builds the report now; the reporters are called later. */
  send(occurrence: Occurrence): void {
    this.#consider(this.#draft(occurrence))
  }

  /** Builds the report when the answer has left or its client has gone; with a durable reporter at once. */
  sendAfter(reply: FastifyReply | null, occur: () => Occurrence): void {
    const early = this.#parts.dispatcher.hasDurable ? this.#draft(occur()) : undefined
    const settle = (): void => {
      if (this.#pending.delete(settle)) this.#consider(early ?? this.#draft(occur()))
    }
    this.#pending.add(settle)
    if (reply === null || reply.raw.destroyed || reply.raw.closed) setImmediate(settle)
    else reply.raw.once('close', settle)
  }

  /** Builds every report that still waits for its answer. */
  settleAll(): void {
    for (const settle of this.#pending) settle()
  }

  /** Resolves when it is decided of every report so far whether it is due, and those that are have been dispatched. */
  async decided(): Promise<void> {
    while (this.#asking.size > 0) await Promise.all(this.#asking.values())
    await this.#parts.code.idle()
  }

  /** Dispatches every report that waits for the store's answer or for its lines of code: nobody can wait any longer. */
  stopWaiting(): void {
    this.#parts.code.stop()
    for (const draft of this.#asking.keys()) {
      this.#asking.delete(draft)
      this.#pass(draft)
    }
  }

  /** Delivers everything that waits, and then the last report, before it returns: the process ends. */
  sendLast(occurrence: Occurrence): void {
    this.endNow()
    const report = this.#build(occurrence)
    const final = report === undefined ? undefined : this.#finish(report)
    if (final !== undefined) this.#parts.dispatcher.sendNow(final, occurrence.caught)
  }

  /** Delivers everything that waits for anything, before it returns: the process ends. */
  endNow(): void {
    const { code, dispatcher } = this.#parts
    code.stop()
    this.settleAll()
    this.stopWaiting()
    dispatcher.endNow()
    // The application may go on reporting after the end.
    code.resume()
  }

  stats(): { readonly reported: { fatal: number; nonFatal: number }; readonly dropped: number } {
    return { reported: { ...this.#reported }, dropped: this.#dropped }
  }

  #draft(occurrence: Occurrence): Draft {
    const { dispatcher } = this.#parts
    const { caught: error, verdict } = occurrence
    const { confirm } = verdict
    const built = this.#build(occurrence)
    // What is muted, as far as this instance knows, is stored when the store says that it is not.
    const isMuted = verdict.group.status === 'muted'
    if (built === undefined || isMuted || !dispatcher.hasDurable) {
      return { report: built, early: undefined, error, confirm }
    }
    // `beforeReport` may change the one that it gets, and gets the other one with the lines of code.
    const report = this.#parts.beforeReport === undefined ? built : structuredClone(built)
    const early = this.#finish(built)
    if (early === undefined) return { report: undefined, early, error, confirm }
    dispatcher.sendDurable(early, error)
    return { report, early, error, confirm }
  }

  #consider(draft: Draft): void {
    const { confirm } = draft
    if (confirm === undefined) this.#pass(draft)
    else this.#ask(draft, confirm)
  }

  /** Asks for a report that could not be built as well, so that the store counts its occurrences for the other instances. */
  #ask(draft: Draft, confirm: Confirm): void {
    const { report, early } = draft
    const passAs = (verdict: Verdict): void => {
      if (report === undefined) return
      const told = { report: inGroup(report, verdict), early: early && inGroup(early, verdict) }
      this.#pass({ ...draft, ...told })
    }
    // Of a regression that the store tells too late, the report is out already; it goes out once more, under its title.
    const answered = confirm((early ?? report)?.title, passAs).then((verdict) => {
      // `stopWaiting` may have dispatched it meanwhile.
      if (report === undefined || !this.#asking.delete(draft) || verdict === undefined) return
      passAs(verdict)
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

  /** Passes a report that is due on, when its lines of code are read. */
  #pass(draft: Draft): void {
    const { report } = draft
    if (report === undefined) return
    this.#parts.code.add(report, (code) => {
      if (draft.early === undefined) this.#dispatch({ ...report, code }, draft.error)
      else this.#dispatchAgain(draft.early, { ...report, code }, draft.error)
    })
  }

  #dispatch(report: CrashReport, error: unknown): void {
    const { dispatcher } = this.#parts
    const final = this.#finish(report)
    if (final === undefined) return
    this.#parts.onReport(final)
    dispatcher.sendDurable(final, error)
    dispatcher.send(final, error)
  }

  /** Of a report that the durable reporters have got: with lines of code they get it once more, and the others for the first time. */
  #dispatchAgain(early: CrashReport, report: CrashReport, error: unknown): void {
    const { dispatcher } = this.#parts
    const final = report.code.length === 0 ? early : this.#changed(report)
    if (final === undefined) return
    this.#parts.onReport(final)
    if (final !== early) dispatcher.sendDurableAgain(final, error)
    dispatcher.send(final, error)
  }

  /** The report as `beforeReport` leaves it, counted. */
  #finish(report: CrashReport): CrashReport | undefined {
    const final = this.#changed(report)
    if (final === undefined) this.#dropped++
    else this.#reported[final.is_fatal_error ? 'fatal' : 'nonFatal']++
    return final
  }

  /** When `beforeReport` fails nothing is reported: it may be what keeps data private. */
  #changed(report: CrashReport): CrashReport | undefined {
    const { beforeReport, failures, log } = this.#parts
    if (beforeReport === undefined) return report
    const call = (): CrashReport | null => {
      const result = beforeReport(report)
      return result === undefined ? report : result
    }
    const changed = failures.guard('beforeReport', call, null, log, 'the report was dropped')
    if (changed === null) return undefined
    // Copied as JSON, since the application may have put anything into it.
    const copy = toJsonValue(changed) as CrashReport
    return { ...copy, title: oneLine(String(copy.title)) }
  }
}

/** The report with what the store has said of its group. */
function inGroup(report: CrashReport, verdict: Verdict): CrashReport {
  const title = verdict.group.isRegression ? regressionTitle(report.title) : report.title
  return { ...report, title, group: describeGroup(verdict) }
}
