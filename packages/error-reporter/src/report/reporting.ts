import { randomUUID } from 'node:crypto'
import { currentRequest } from '@fastify-scs/core'
import {
  clientOf,
  errorForLog,
  printableText,
  type SpanFinder,
  type StoreCounter,
} from '@fastify-scs/core/kit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Grouping } from '../groups/grouping.js'
import { ReleaseNotes } from '../groups/release-notes.js'
import type { Verdict } from '../groups/verdict.js'
import type { ReporterCallbackFailures, ResolvedOptions } from '../options.js'
import type { RunningRelease } from '../release/running-release.js'
import { isClientAbort } from '../watch/client-abort.js'
import {
  type FailedAnswer,
  factsOfAnswer,
  forwardedErrorId,
  statusOfThrown,
} from '../watch/failed-answer.js'
import { createIgnoreTest, type IgnoreTest } from '../watch/ignore.js'
import { CRASH, type Crash, elapsedMsOf, stateOf } from '../watch/request-state.js'
import type { Occurrence, ReportSources } from './build-report.js'
import { describeResponse, endpointOf, placeOf } from './describe-request.js'
import type { ReportPipeline } from './pipeline.js'
import { callStackOf, type ReadReportOptions } from './report-options.js'
import { crashTitle, fatalTitle, headlineOf, nonFatalTitle } from './titles.js'

/** What the error reporting of one app works with. */
export interface ReportingParts {
  readonly app: FastifyInstance
  readonly options: ResolvedOptions & RunningRelease
  readonly failures: ReporterCallbackFailures
  readonly sources: ReportSources
  readonly pipeline: ReportPipeline
  readonly findSpan: SpanFinder
}

const NO_CRASH: Crash = { errorId: undefined }

/** Decides what becomes of each error: it is only counted, or reported as well. */
export class Reporting {
  readonly #parts: ReportingParts
  readonly #grouping: Grouping
  readonly #isIgnored: IgnoreTest
  #releaseNotes: ReleaseNotes | undefined
  #ignored = 0

  constructor(parts: ReportingParts) {
    const { app, options, failures } = parts
    this.#parts = parts
    this.#grouping = new Grouping(options, failures, app.log)
    this.#isIgnored = createIgnoreTest(options.ignore ?? {}, failures)
  }

  /** Counts a crash, once for each request; its report is built when the answer has left. */
  seeCrash(failed: FailedAnswer): Crash {
    const state = stateOf(failed.request)
    state[CRASH] ??= this.#judge(failed)
    return state[CRASH]
  }

  /** Reports an error that the application has caught; `caller` is the public function that it has called, whose callers are the stack. */
  reportError(
    title: string,
    { options, mistake }: ReadReportOptions,
    caller: (...args: never[]) => unknown,
  ): string {
    const { request, caught, data, fatal = false, occurrences, trace } = options
    const kind = fatal ? 'fatal' : (options.kind ?? 'non-fatal')
    const { app, pipeline, sources, findSpan } = this.#parts
    const errorId = forwardedErrorId(caught) ?? randomUUID()
    const text = sources.redactor.text(String(title))
    const log = request?.log ?? app.log
    log.warn({ errorId }, printableText(text))
    if (mistake !== undefined) log.error({ errorId }, `reportError: ${mistake}`)
    const callStack = callStackOf(caller)
    const place = request === undefined ? '' : placeOf(request)
    const told = `${text} `
    const error = { kind, request, caught, place, text: told, callStack, trace } as const
    const counted = { ...error, occurrences }
    const verdict = this.#grouping.count(counted)
    // The answer of the request then shows this id, and is not reported as another crash.
    if (fatal && request !== undefined) stateOf(request)[CRASH] ??= { errorId }
    if (!verdict.isDue && verdict.keep === undefined) return errorId
    const endpoint = request === undefined ? undefined : endpointOf(request, sources.redactor)
    const occurrence = {
      kind,
      title: this.#titleOf(text, endpoint, caught, fatal),
      errorId,
      caught,
      data,
      // Of one that is reported late, which is seldom, the stack is not worth what reading it costs; of a blocked loop it is the watcher's.
      callStack: verdict.isDue && kind !== 'blocked' ? callStack() : undefined,
      trace,
      request,
      response: null,
      elapsedMs: request === undefined ? 0 : elapsedMsOf(request),
      span: findSpan(request),
    } as const
    if (verdict.isDue) pipeline.send({ ...occurrence, verdict })
    else
      verdict.keep?.({
        title: () => occurrence.title,
        send: (late) => pipeline.send({ ...occurrence, verdict: late }),
      })
    return errorId
  }

  /** See `ErrorReporterHandle.count`. */
  count(
    kind: 'slow' | 'stuck' | 'blocked',
    request: FastifyRequest | undefined,
    trace: readonly string[] | undefined,
  ): boolean {
    const place = request === undefined ? '' : placeOf(request)
    const error = { kind, request, caught: undefined, place, text: '', trace } as const
    return this.#grouping.countUnreported({ ...error, callStack: undefined })
  }

  /** Reports an error that nobody has caught; when the process ends by it, delivers the report before it returns. */
  reportProcessError(error: unknown, origin: string, isLast: boolean): void {
    const { app, options, pipeline, sources, findSpan } = this.#parts
    const endpoint = 'process'
    const current = currentRequest()
    // The current request may be one of another app in this process.
    const request = current?.server.scs === app.scs ? current : undefined
    const counted = {
      kind: 'fatal',
      request,
      caught: error,
      place: endpoint,
      text: '',
      callStack: undefined,
    } as const
    const verdict = this.#grouping.count(counted)
    if (!isLast && !verdict.isDue) return
    const message = sources.redactor.text(headlineOf(error))
    const code = origin.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
    const occurrence = {
      kind: 'fatal',
      title: fatalTitle({ apiName: options.apiName, status: 500, code, endpoint, message }),
      errorId: forwardedErrorId(error) ?? randomUUID(),
      caught: error,
      data: undefined,
      callStack: undefined,
      request,
      response: null,
      elapsedMs: 0,
      span: findSpan(request),
      verdict,
    } as const
    if (isLast) pipeline.sendLast(occurrence)
    else pipeline.send(occurrence)
  }

  /** Shares the groups with all instances that have the store, and tells it which release this one is. */
  shareGroups(store: StoreCounter): void {
    const { app, sources, options } = this.#parts
    const warn = (message: string) => (error: unknown) =>
      app.log.warn({ err: errorForLog(error, sources.redactor) }, message)
    const onOutage = warn('the store fails to count error groups; this instance counts for itself')
    const { namedRelease } = options
    this.#grouping.share(store, namedRelease ?? undefined, sources.findUser, onOutage)
    if (namedRelease === null) return
    const onFailure = warn('the store fails to note that this release runs')
    this.#releaseNotes = new ReleaseNotes(store, namedRelease, onFailure)
    this.#releaseNotes.start()
  }

  /** Sends the store the counts that it does not have yet. Never rejects. */
  close(): Promise<void> {
    this.#releaseNotes?.stop()
    return this.#grouping.close()
  }

  stats(): { readonly ignored: number } & ReturnType<Grouping['stats']> {
    const stats = this.#grouping.stats()
    const storeFailures = stats.storeFailures + (this.#releaseNotes?.failures ?? 0)
    return { ignored: this.#ignored, ...stats, storeFailures }
  }

  #judge(failed: FailedAnswer): Crash {
    const { request, thrown, answer } = failed
    if (isClientAbort(thrown, request)) return NO_CRASH
    if (this.#isIgnored(thrown, answer.names, request)) {
      this.#ignored++
      return NO_CRASH
    }
    const errorId = failed.errorId ?? forwardedErrorId(thrown) ?? randomUUID()
    const verdict = this.#grouping.count({
      kind: 'fatal',
      request,
      caught: thrown,
      place: placeOf(request),
      text: thrown === undefined ? `${answer.code} ${answer.description}` : '',
      callStack: undefined,
    })
    if (verdict.isDue || verdict.keep !== undefined) this.#reportCrash(failed, errorId, verdict)
    return { errorId }
  }

  /** Reports a crash when its answer has left, or keeps what its report is made of. */
  #reportCrash(failed: FailedAnswer, errorId: string, decided: Verdict): void {
    const { options, pipeline, sources, findSpan, failures, app } = this.#parts
    const { redactor } = sources
    const { request, reply, thrown } = failed
    const span = findSpan(request)
    // Read now: when the answer has left, a stream of HTTP/2 has no address any more.
    clientOf(request)
    const title = (): string => crashTitle(failed, options.apiName, redactor)
    const occurrence = (verdict: Verdict): Occurrence => ({
      kind: 'fatal',
      title: title(),
      errorId,
      caught: thrown,
      data: undefined,
      callStack: undefined,
      request,
      response: describeResponse(failed, redactor),
      elapsedMs: elapsedMsOf(request),
      span,
      verdict,
    })
    const send = (verdict: Verdict): void => pipeline.sendAfter(reply, () => occurrence(verdict))
    if (decided.isDue) {
      send(decided)
      return
    }
    const guarded = (): string | undefined =>
      failures.guard('build', title, undefined, app.log, 'the group keeps its last title')
    decided.keep?.({ title: guarded, send })
  }

  #titleOf(text: string, endpoint: string | undefined, caught: unknown, fatal: boolean): string {
    const { apiName } = this.#parts.options
    if (!fatal) return nonFatalTitle(apiName, endpoint, text)
    const { status, code } = factsOfAnswer(statusOfThrown(caught), caught, undefined)
    return fatalTitle({ apiName, status, code, endpoint: endpoint ?? 'no request', message: text })
  }
}
