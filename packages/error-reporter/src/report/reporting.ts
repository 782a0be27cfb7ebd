import { randomUUID } from 'node:crypto'
import { currentRequest } from '@fastify-scs/core'
import {
  clientOf,
  errorForLog,
  printableText,
  type SpanFinder,
  type StoreCounter,
} from '@fastify-scs/core/kit'
import type { FastifyInstance } from 'fastify'
import type { Verdict } from '../groups/group-table.js'
import { Grouping } from '../groups/grouping.js'
import type { ReporterCallbackFailures, ResolvedOptions } from '../options.js'
import { isClientAbort } from '../watch/client-abort.js'
import {
  type FailedAnswer,
  factsOfAnswer,
  forwardedErrorId,
  statusOfThrown,
} from '../watch/failed-answer.js'
import { createIgnoreTest, type IgnoreTest } from '../watch/ignore.js'
import { CRASH, type Crash, elapsedMsOf, stateOf } from '../watch/request-state.js'
import type { ReportSources } from './build-report.js'
import { describeResponse, endpointOf, placeOf } from './describe-request.js'
import type { ReportPipeline } from './pipeline.js'
import { callStackOf, type ReadReportOptions } from './report-options.js'
import { crashTitle, fatalTitle, headlineOf, nonFatalTitle } from './titles.js'

/** What the error reporting of one app works with. */
export interface ReportingParts {
  readonly app: FastifyInstance
  readonly options: ResolvedOptions
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
    const { request, caught, data, fatal = false, occurrences } = options
    const { app, pipeline, sources, findSpan } = this.#parts
    const errorId = forwardedErrorId(caught) ?? randomUUID()
    const text = sources.redactor.text(String(title))
    const log = request?.log ?? app.log
    log.warn({ errorId }, printableText(text))
    if (mistake !== undefined) log.error({ errorId }, `reportError: ${mistake}`)
    const callStack = callStackOf(caller)
    const place = request === undefined ? '' : placeOf(request)
    const counted = { isFatal: fatal, caught, place, text: `${text} `, callStack, occurrences }
    const verdict = this.#grouping.count(counted)
    // The answer of the request then shows this id, and is not reported as another crash.
    if (fatal && request !== undefined) stateOf(request)[CRASH] ??= { errorId }
    if (!verdict.isDue) return errorId
    const endpoint = request === undefined ? undefined : endpointOf(request, sources.redactor)
    pipeline.send({
      isFatal: fatal,
      title: this.#titleOf(text, endpoint, caught, fatal),
      errorId,
      caught,
      data,
      callStack: callStack(),
      request,
      response: null,
      elapsedMs: request === undefined ? 0 : elapsedMsOf(request),
      span: findSpan(),
      verdict,
    })
    return errorId
  }

  /** Reports an error that nobody has caught; when the process ends by it, delivers the report before it returns. */
  reportProcessError(error: unknown, origin: string, isLast: boolean): void {
    const { app, options, pipeline, sources, findSpan } = this.#parts
    const endpoint = 'process'
    const counted = {
      isFatal: true,
      caught: error,
      place: endpoint,
      text: '',
      callStack: undefined,
    }
    const verdict = this.#grouping.count(counted)
    if (!isLast && !verdict.isDue) return
    const message = sources.redactor.text(headlineOf(error))
    const code = origin.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
    const current = currentRequest()
    const occurrence = {
      isFatal: true,
      title: fatalTitle({ apiName: options.apiName, status: 500, code, endpoint, message }),
      errorId: forwardedErrorId(error) ?? randomUUID(),
      caught: error,
      data: undefined,
      callStack: undefined,
      // The current request may be one of another app in this process.
      request: current?.server.scs === app.scs ? current : undefined,
      response: null,
      elapsedMs: 0,
      span: findSpan(),
      verdict,
    }
    if (isLast) pipeline.sendLast(occurrence)
    else pipeline.send(occurrence)
  }

  /** Shares the groups with all instances that have the store. */
  shareGroups(store: StoreCounter): void {
    const { app, sources } = this.#parts
    this.#grouping.share(store, (error) => {
      const err = errorForLog(error, sources.redactor)
      app.log.warn(
        { err },
        'the store fails to count error groups; this instance counts for itself',
      )
    })
  }

  /** Sends the store the counts that it does not have yet. Never rejects. */
  close(): Promise<void> {
    return this.#grouping.close()
  }

  stats(): { readonly ignored: number } & ReturnType<Grouping['stats']> {
    return { ignored: this.#ignored, ...this.#grouping.stats() }
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
      isFatal: true,
      caught: thrown,
      place: placeOf(request),
      text: thrown === undefined ? `${answer.code} ${answer.description}` : '',
      callStack: undefined,
    })
    if (verdict.isDue) this.#reportCrash(failed, errorId, verdict)
    return { errorId }
  }

  #reportCrash(failed: FailedAnswer, errorId: string, verdict: Verdict): void {
    const { options, pipeline, sources, findSpan } = this.#parts
    const { redactor } = sources
    const { request, reply, thrown } = failed
    const span = findSpan()
    // Read now: when the answer has left, a stream of HTTP/2 has no address any more.
    clientOf(request)
    pipeline.sendAfter(reply, () => ({
      isFatal: true,
      title: crashTitle(failed, options.apiName, redactor),
      errorId,
      caught: thrown,
      data: undefined,
      callStack: undefined,
      request,
      response: describeResponse(failed, redactor),
      elapsedMs: elapsedMsOf(request),
      span,
      verdict,
    }))
  }

  #titleOf(text: string, endpoint: string | undefined, caught: unknown, fatal: boolean): string {
    const { apiName } = this.#parts.options
    if (!fatal) return nonFatalTitle(apiName, endpoint, text)
    const { status, code } = factsOfAnswer(statusOfThrown(caught), caught, undefined)
    return fatalTitle({ apiName, status, code, endpoint: endpoint ?? 'no request', message: text })
  }
}
