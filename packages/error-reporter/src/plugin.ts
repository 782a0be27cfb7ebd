import {
  audibleLog,
  CallbackFailures,
  createSpanFinder,
  onProcessEnd,
  type RecordStore,
  within,
} from '@fastify-scs/core/kit'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { CodeQueue, type CodeStats } from './code/code-queue.js'
import { createCodeReader, rootOf } from './code/create-code-reader.js'
import { Dispatcher } from './delivery/dispatcher.js'
import type { QueueStats } from './delivery/reporter-queue.js'
import { AlreadyRegisteredError } from './errors.js'
import {
  CALLBACK_NAMES,
  type CallbackName,
  type ErrorReporterOptions,
  isSwitchedOff,
  type ReporterCallbackFailures,
  type ResolvedOptions,
  resolveOptions,
} from './options.js'
import { runningRelease } from './release/running-release.js'
import { keepAuditEvents } from './report/audit-events.js'
import type { ReportSources } from './report/build-report.js'
import { describeServer, EventLoopDelay, onceASecond } from './report/describe-server.js'
import { ReportPipeline } from './report/pipeline.js'
import {
  type ReportOptions,
  type RequestReportOptions,
  readReportOptions,
} from './report/report-options.js'
import { reportUserFinder } from './report/report-user.js'
import { Reporting } from './report/reporting.js'
import { storeReporter } from './reporters/store.js'
import { watchCrashes } from './watch/crash-watch.js'
import { listenForProcessErrors } from './watch/process-errors.js'

/** What the reporter has done since it was registered. */
export interface ErrorReporterStats {
  /** Reports that were handed to the reporters. */
  readonly reported: { readonly fatal: number; readonly nonFatal: number }
  /** Occurrences that were counted and not reported. */
  readonly suppressed: number
  /** How often the store failed to say in time whether a report is due, so that this instance's own count decided, or to note the release. */
  readonly storeFailures: number
  /** 5xx answers that the option `ignore` has left out. */
  readonly ignored: number
  /** Reports that `beforeReport` has dropped, or that could not be built. */
  readonly dropped: number
  /** What became of the lines of code of the reports. */
  readonly code: CodeStats
  /** Groups that are remembered now. */
  readonly groups: number
  /** How often the functions of the options have failed. */
  readonly callbackFailures: Readonly<Record<CallbackName, number>>
  /** What became of the reports, for each reporter. */
  readonly reporters: readonly QueueStats[]
}

/** What the plugin decorates the app with, as `app.errorReporter`. */
export interface ErrorReporterHandle {
  /** The release whose errors are reported: the option `apiVersion`, or what stood in for it; null where nothing tells it. */
  readonly release: string | null
  /** The option `environment`, or what stood in for it. */
  readonly environment: string
  stats(): ErrorReporterStats
  /**
   * Counts a call that its caller does not report, in the group of `app.reportError` with the same kind, request and `trace`. Never throws.
   *
   * @returns whether it is to be reported all the same, with `occurrences: 0`: its group has regressed, or is no longer muted
   */
  count(
    kind: 'slow' | 'stuck' | 'blocked',
    request: FastifyRequest | undefined,
    trace?: readonly string[],
  ): boolean
  /** Resolves when every report so far is delivered or given up. */
  flush(): Promise<void>
}

const plugin: FastifyPluginAsync<ErrorReporterOptions> = async (app, given) => {
  if (app.hasDecorator('errorReporter')) throw new AlreadyRegisteredError()
  const resolved = resolveOptions(given, app.scs)
  const release = runningRelease(resolved, rootOf(resolved.code), process.env)
  const options = { ...resolved, ...release }
  const failures = new CallbackFailures(CALLBACK_NAMES, app.scs.redactor)
  const dispatcher = new Dispatcher(options.delivery, audibleLog(app.log), app.scs.redactor)
  for (const reporter of options.reporters) dispatcher.add(reporter)
  const loopDelay = new EventLoopDelay()
  const sources = sourcesOf(app, options, failures, loopDelay)
  const reader = createCodeReader(options.code, app.scs.redactor, app.log)
  const code = new CodeQueue(reader)
  const { beforeReport } = options
  const pipeline = new ReportPipeline({
    beforeReport,
    dispatcher,
    code,
    failures,
    sources,
    log: app.log,
    onReport: (report) => app.scs.records.publish('reports', report),
  })
  app.scs.records.onSettle(async () => {
    pipeline.settleAll()
    await pipeline.decided()
  })
  const findSpan = await createSpanFinder()
  const reporting = new Reporting({ app, options, failures, sources, pipeline, findSpan })

  const isOff = isSwitchedOff(process.env)
  decorate(app, isOff ? undefined : reporting)
  app.decorate('errorReporter', {
    release: options.apiVersion,
    environment: options.environment,
    stats: () => ({
      ...pipeline.stats(),
      ...reporting.stats(),
      code: code.stats(),
      callbackFailures: failures.counts(),
      reporters: dispatcher.stats(),
    }),
    count: (kind, request, trace) => !isOff && reporting.count(kind, request, trace),
    flush: async () => {
      await pipeline.decided()
      await dispatcher.flush()
    },
  })
  const endings = isOff ? [] : watchEverything(app, reporting, failures, options)
  if (isOff) app.log.info('NO_ERROR_REPORTING is set: no error is reported')
  app.addHook('onReady', (done) => {
    const endNow = (): void => pipeline.endNow()
    const store = storeOf(app)
    if (store !== undefined) {
      if (store.durability === 'process') dispatcher.addDurable(storeReporter(store))
      else dispatcher.add(storeReporter(store))
      reporting.shareGroups(store)
    }
    // The store's last flush then includes what it is given within the call.
    endings.push(store?.beforeLastFlush?.(endNow) ?? onProcessEnd(endNow, app.log))
    done()
  })
  app.addHook('onClose', async () => {
    const endsAtMs = performance.now() + options.delivery.shutdownMs
    pipeline.settleAll()
    const decide = async (): Promise<void> => {
      await Promise.all([pipeline.decided(), reporting.close()])
      // The last counts may have shown that a group has regressed.
      pipeline.settleAll()
      await pipeline.decided()
    }
    // When the store takes longer, this instance's own count decides.
    await within(decide(), options.delivery.shutdownMs)
    pipeline.stopWaiting()
    await reader?.close()
    await dispatcher.close(Math.max(0, endsAtMs - performance.now()))
    for (const end of endings) end()
    loopDelay.close()
  })
}

/** Begins to watch; the functions that are returned end it. */
function watchEverything(
  app: FastifyInstance,
  reporting: Reporting,
  failures: ReporterCallbackFailures,
  { captureProcessErrors }: ResolvedOptions,
): (() => void)[] {
  watchCrashes(app, reporting, failures)
  const endAuditEvents = keepAuditEvents(app.scs)
  if (!captureProcessErrors) return [endAuditEvents]
  const report = reporting.reportProcessError.bind(reporting)
  return [endAuditEvents, listenForProcessErrors(report)]
}

function sourcesOf(
  app: FastifyInstance,
  options: ResolvedOptions,
  failures: ReporterCallbackFailures,
  loopDelay: EventLoopDelay,
): ReportSources {
  return {
    redactor: app.scs.redactor,
    facts: app.scs.requestFacts,
    apiName: options.apiName,
    maxBodyBytes: options.maxBodyBytes,
    findUser: app.scs.userOf,
    findReportUser: reportUserFinder(options.reportUser, failures),
    describeServer: onceASecond(() => describeServer(app, options, loopDelay.read())),
  }
}

/** What the store plugin decorates the app with; undefined without it. Not by app.getDecorator, which Fastify has from 5.3 on. */
function storeOf(app: FastifyInstance): RecordStore | undefined {
  if (!app.hasDecorator('scsStore')) return undefined
  return (app as FastifyInstance & { readonly scsStore: RecordStore }).scsStore
}

/** Adds `reportError` to the app and to requests; without a reporting it does nothing. */
function decorate(app: FastifyInstance, reporting: Reporting | undefined): void {
  const ofApp = (title: string, options?: ReportOptions): string | undefined =>
    reporting?.reportError(title, readReportOptions(options, undefined), ofApp)
  const ofRequest = function (
    this: FastifyRequest,
    title: string,
    options?: RequestReportOptions,
  ): string | undefined {
    return reporting?.reportError(title, readReportOptions(options, this), ofRequest)
  }
  app.decorate('reportError', ofApp)
  app.decorateRequest('reportError', ofRequest)
}

/** The error reporter. Register it once, after @fastify-scs/core and before the routes. */
const errorReporter: FastifyPluginAsync<ErrorReporterOptions> = fp(plugin, {
  name: '@fastify-scs/error-reporter',
  fastify: '5.x',
  dependencies: ['@fastify-scs/core'],
})

export default errorReporter
