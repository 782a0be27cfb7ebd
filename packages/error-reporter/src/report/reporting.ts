import { currentRequest } from '@fastify-scs/core'
import { clientOf, errorForLog, printableText, type SpanFinder } from '@fastify-scs/core/kit'
import type { FastifyInstance } from 'fastify'
import type { ReporterCallbackFailures } from '../callbacks.js'
import { isClientAbort } from '../client-abort.js'
import type { Verdict } from '../groups/group.js'
import type { GroupStore } from '../groups/group-store.js'
import { Grouping } from '../groups/grouping.js'
import type { ResolvedOptions } from '../options.js'
import { CRASH, type Crash, elapsedMsOf, stateOf } from '../request-state.js'
import { createErrorId, forwardedErrorId } from '../watch/error-id.js'
import { factsOfAnswer, statusOfThrown } from '../watch/failed-answer.js'
import { createIgnoreTest, type IgnoreTest } from '../watch/ignore.js'
import { crashTitle, responseOf, type Sighting } from '../watch/sighting.js'
import type { ReportSources } from './build-report.js'
import { callStackOf } from './call-stack.js'
import { endpointOf, placeOf } from './describe-request.js'
import { headlineOf } from './headline.js'
import type { Outbox } from './pipeline.js'
import type { ReadReportOptions } from './report-options.js'
import { fatalTitle, nonFatalTitle } from './titles.js'

/** What the reporting of one app works with. */
export interface ReportingParts {
  readonly app: FastifyInstance
  readonly options: ResolvedOptions
  readonly failures: ReporterCallbackFailures
  readonly sources: ReportSources
  readonly outbox: Outbox
  readonly findSpan: SpanFinder
}

const NO_CRASH: Crash = { errorId: undefined }

/** Decides what becomes of each error: counted only, or reported as well. */
export class Reporting {
  readonly #parts: ReportingParts
  readonly #grouping: Grouping
  readonly #isIgnored: IgnoreTest
  #ignored = 0

  constructor(parts: ReportingParts) {
    const { app, options, failures } = parts
    this.#parts = parts
    this.#grouping = new Grouping(options, failures, app.log)
    this.#isIgnored = createIgnoreTest(options.ignore, failures)
  }

  /** Takes note of a crash, once for each request; its report is made when the answer has left. */
  seeCrash(sighting: Sighting): Crash {
    const state = stateOf(sighting.request)
    state[CRASH] ??= this.#judge(sighting)
    return state[CRASH]
  }

  /** Reports an error that the application has caught; `caller` is the public function that was called for it. */
  reportError(
    title: string,
    { options, mistake }: ReadReportOptions,
    caller: (...args: never[]) => unknown,
  ): string {
    const { request, caught, data, fatal = false } = options
    const { app, outbox, sources, findSpan } = this.#parts
    const errorId = forwardedErrorId(caught) ?? createErrorId()
    const text = sources.redactor.text(String(title))
    const log = request?.log ?? app.log
    log.warn({ errorId }, printableText(text))
    if (mistake !== undefined) log.error({ errorId }, `reportError: ${mistake}`)
    const callStack = callStackOf(caller)
    const place = request === undefined ? '' : placeOf(request)
    const counted = { isFatal: fatal, caught, place, text: `${text} `, callStack }
    const verdict = this.#grouping.count(counted)
    // A call is fatal once: its answer then shows this id and is not reported again.
    if (fatal && request !== undefined) stateOf(request)[CRASH] ??= { errorId }
    if (!verdict.isDue) return errorId
    const endpoint = request === undefined ? undefined : endpointOf(request, sources.redactor)
    outbox.send({
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

  /** Reports what nobody has caught; when the process ends by it, before it returns. */
  reportProcessError(error: unknown, origin: string, isLast: boolean): void {
    const { app, options, outbox, sources, findSpan } = this.#parts
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
      errorId: forwardedErrorId(error) ?? createErrorId(),
      caught: error,
      data: undefined,
      callStack: undefined,
      // Another app of the process has requests of its own.
      request: current?.server.scs === app.scs ? current : undefined,
      response: null,
      elapsedMs: 0,
      span: findSpan(),
      verdict,
    }
    if (isLast) outbox.sendLast(occurrence)
    else outbox.send(occurrence)
  }

  /** Shares the groups with all instances that have the store. */
  shareGroups(store: GroupStore): void {
    const { app, sources } = this.#parts
    this.#grouping.share(store, (error) => {
      const err = errorForLog(error, sources.redactor)
      app.log.warn(
        { err },
        'the store does not count error groups; this instance counts for itself',
      )
    })
  }

  /** Tells the store what it does not know yet. Never rejects. */
  close(): Promise<void> {
    return this.#grouping.close()
  }

  stats(): { readonly ignored: number } & ReturnType<Grouping['stats']> {
    return { ignored: this.#ignored, ...this.#grouping.stats() }
  }

  #judge(sighting: Sighting): Crash {
    const { request, thrown, answer } = sighting
    if (isClientAbort(thrown, request)) return NO_CRASH
    if (this.#isIgnored(thrown, answer.names, request)) {
      this.#ignored++
      return NO_CRASH
    }
    const errorId = sighting.errorId ?? forwardedErrorId(thrown) ?? createErrorId()
    const verdict = this.#grouping.count({
      isFatal: true,
      caught: thrown,
      place: placeOf(request),
      text: thrown === undefined ? `${answer.code} ${answer.description}` : '',
      callStack: undefined,
    })
    if (verdict.isDue) this.#reportCrash(sighting, errorId, verdict)
    return { errorId }
  }

  #reportCrash(sighting: Sighting, errorId: string, verdict: Verdict): void {
    const { options, outbox, sources, findSpan } = this.#parts
    const { redactor } = sources
    const { request, reply, thrown } = sighting
    const span = findSpan()
    // When the answer has left, a stream of HTTP/2 tells no address any more.
    clientOf(request)
    outbox.sendAfter(reply, () => ({
      isFatal: true,
      title: crashTitle(sighting, options.apiName, redactor),
      errorId,
      caught: thrown,
      data: undefined,
      callStack: undefined,
      request,
      response: responseOf(sighting, redactor),
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
