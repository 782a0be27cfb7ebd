import { audibleLog, CallbackFailures, createSpanFinder, onProcessEnd } from '@fastify-scs/core/kit'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { CALLBACK_NAMES, type ReporterCallbackFailures } from './callbacks.js'
import { watchCrashes } from './crash-watch.js'
import { Courier } from './delivery/dispatcher.js'
import { AlreadyRegisteredError } from './errors.js'
import { canCountGroups } from './groups/group-store.js'
import { type ErrorReporterOptions, type ResolvedOptions, resolveOptions } from './options.js'
import { keepAuditEvents } from './report/audit-events.js'
import type { ReportSources } from './report/build-report.js'
import { describeServer, onceASecond } from './report/describe-server.js'
import { EventLoopDelay } from './report/event-loop-delay.js'
import { Outbox } from './report/pipeline.js'
import {
  type ReportOptions,
  type RequestReportOptions,
  readReportOptions,
} from './report/report-options.js'
import { reportUserFinder } from './report/report-user.js'
import { Reporting } from './report/reporting.js'
import { type ReportStore, storeReporter } from './reporters/store.js'
import { isSwitchedOff } from './switched-off.js'
import { listenForProcessErrors } from './watch/process-errors.js'
import { within } from './within.js'

const plugin: FastifyPluginAsync<ErrorReporterOptions> = async (app, given) => {
  if (app.hasDecorator('errorReporter')) throw new AlreadyRegisteredError()
  const options = resolveOptions(given, app.scs)
  const failures = new CallbackFailures(CALLBACK_NAMES, app.scs.redactor)
  const courier = new Courier(options.delivery, audibleLog(app.log), app.scs.redactor)
  for (const reporter of options.reporters) courier.add(reporter)
  const loopDelay = new EventLoopDelay()
  const sources = sourcesOf(app, options, failures, loopDelay)
  const { beforeReport } = options
  const outbox = new Outbox({ beforeReport, courier, failures, sources, log: app.log })
  const findSpan = await createSpanFinder()
  const reporting = new Reporting({ app, options, failures, sources, outbox, findSpan })

  const isOff = isSwitchedOff(process.env)
  decorate(app, isOff ? undefined : reporting)
  app.decorate('errorReporter', {
    stats: () => ({
      ...outbox.stats(),
      ...reporting.stats(),
      callbackFailures: failures.counts(),
      reporters: courier.stats(),
    }),
    flush: async () => {
      await outbox.answered()
      await courier.flush()
    },
  })
  const endings = isOff ? [] : watchEverything(app, reporting, failures, options)
  if (isOff) app.log.info('NO_ERROR_REPORTING is set: no error is reported')
  app.addHook('onReady', (done) => {
    const endNow = (): void => outbox.endNow()
    let endOnProcessEnd: (() => void) | undefined
    if (app.hasDecorator('scsStore')) {
      // Not app.getDecorator, which Fastify has from 5.3 on.
      const { scsStore: store } = app as FastifyInstance & { readonly scsStore: ReportStore }
      if (store.durability === 'process') courier.addKeeper(storeReporter(store))
      else courier.add(storeReporter(store))
      if (canCountGroups(store)) reporting.shareGroups(store)
      // The store's last flush takes with it what it is given within the call.
      endOnProcessEnd = store.beforeLastFlush?.(endNow)
    }
    endings.push(endOnProcessEnd ?? onProcessEnd(endNow, app.log))
    done()
  })
  app.addHook('onClose', async () => {
    const endsAtMs = performance.now() + options.delivery.shutdownMs
    outbox.settleAll()
    const told = Promise.all([outbox.answered(), reporting.close()])
    // When the store takes too long, this instance's own count decides.
    await within(told, options.delivery.shutdownMs).catch(() => undefined)
    outbox.stopAsking()
    await courier.close(Math.max(0, endsAtMs - performance.now()))
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

/** Adds the two `reportError`; without a reporting they do nothing. */
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

/** The error reporter. Register it once, behind @fastify-scs/core and before the routes. */
const errorReporter: FastifyPluginAsync<ErrorReporterOptions> = fp(plugin, {
  name: '@fastify-scs/error-reporter',
  fastify: '5.x',
  dependencies: ['@fastify-scs/core'],
})

export default errorReporter
