import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ErrorAnswerer } from './answer/error-answerer.js'
import { answerErrors } from './answer/error-handler.js'
import { checkRouteOrder } from './answer/route-order.js'
import { AuditEventRegistry } from './audit/audit-event-registry.js'
import { openAuditLog } from './audit/audit-log.js'
import { AuditTrail } from './audit/audit-trail.js'
import { documentRoutes } from './document-routes.js'
import { classify, type Registries } from './errors/classify.js'
import type { ErrorDefinition } from './errors/error-definition.js'
import { ErrorRegistry } from './errors/error-registry.js'
import { ExceptionRegistry } from './errors/exception-registry.js'
import { collectRouteErrors } from './errors/route-errors.js'
import { AlreadyRegisteredError } from './errors.js'
import { coreCallbackFailures } from './kit/callback-failures.js'
import { RecordFeed } from './kit/record-feed.js'
import { HeldTick } from './lifecycle/compat-node.js'
import { Lifecycle } from './lifecycle/lifecycle.js'
import { keepBreadcrumbs } from './log/breadcrumbs.js'
import { resolveOptions, type ScsOptions } from './options.js'
import { createRedactor } from './redact/redactor.js'
import { keepRequestContext } from './request/request-context.js'
import { createRequestFacts } from './request/request-facts.js'
import { userFinder } from './request/user.js'
import type { Scs } from './scs.js'
import { timelineOf } from './timeline/request-timeline.js'

const plugin: FastifyPluginAsync<ScsOptions> = async (app, given) => {
  if (app.hasDecorator('scs')) throw new AlreadyRegisteredError()
  const options = resolveOptions(given)
  const redactor = createRedactor(options.redact ?? {})
  const errors = new ErrorRegistry()
  const registries: Registries = {
    errors,
    exceptions: new ExceptionRegistry(errors),
    redactor,
    isForeignStatusTrusted: options.trustForeignStatus,
  }
  const auditEvents = new AuditEventRegistry()
  const failures = coreCallbackFailures(redactor)
  const auditLog = openAuditLog(options.audit, app.log, redactor)
  const findUser = userFinder(options.user, failures)
  const trail = new AuditTrail({
    registry: auditEvents,
    log: auditLog,
    redactor,
    source: options.source,
    findUser,
    onListenerFailure: (error) =>
      failures.note('auditListener', error, app.log, 'the audit line is written all the same'),
  })
  const documentation = documentRoutes(app, options, registries)
  const { problem, enforced } = documentation
  const answerer = new ErrorAnswerer(options, redactor, failures, problem, enforced?.check)
  const lifecycle = new Lifecycle(app)
  const heldTick = new HeldTick()
  const onFactFailure = (error: unknown): void =>
    failures.note('requestFact', error, app.log, 'the reports go without it')
  const requestFacts = createRequestFacts(onFactFailure)
  const endBreadcrumbs = options.breadcrumbs
    ? keepBreadcrumbs(app, requestFacts, redactor)
    : undefined
  if (given.breadcrumbs && endBreadcrumbs === undefined) {
    app.log.warn("breadcrumbs: the app's logger is not pino's; reports go without log lines")
  }
  const routes = collectRouteErrors(app, errors)

  // Each passes itself on, because a conflict names the place of its caller.
  // The registry returns an error of the same contents, which is of the same type.
  const registerError = ((definition: ErrorDefinition) =>
    errors.register(definition, registerError)) as Scs['registerError']
  const registerException: Scs['registerException'] = (definition) =>
    registries.exceptions.register(definition, registerException)
  const registerAuditEvent: Scs['registerAuditEvent'] = (definition) =>
    auditEvents.register(definition, registerAuditEvent)

  const scs: Scs = {
    source: options.source,
    redactor,
    registerError,
    registerException,
    registerAuditEvent,
    addAuditEvent: (type, details = {}) => trail.add(type, details),
    get errors() {
      return errors.list()
    },
    get exceptions() {
      return registries.exceptions.list()
    },
    get auditEvents() {
      return auditEvents.list()
    },
    routes,
    clientErrors: documentation.clientErrors,
    unusedThrows: documentation.unusedThrows,
    audit: {
      stats: () => auditLog.stats(),
      reopen: () => auditLog.reopen(),
      subscribe: (listener) => trail.subscribe(listener),
    },
    answerError: (thrown, request, reply) =>
      answerer.answer(classify(thrown, reply.statusCode, registries), request, reply),
    failureOf: (thrown) => classify(thrown, 200, registries),
    observeFailures: (observer) => answerer.observe(observer),
    userOf: findUser,
    requestFacts,
    records: new RecordFeed(failures, app.log),
    lifecycle,
    stats: () => ({ callbackFailures: failures.counts() }),
  }
  app.decorate('scs', scs)
  app.decorateRequest('addAuditEvent', function (this: FastifyRequest, type, details = {}) {
    trail.add(type, details, this)
  })
  app.decorateRequest('timeline', function (this: FastifyRequest) {
    return timelineOf(this, { facts: requestFacts, redactor, onFailure: onFactFailure })
  })
  checkRouteOrder(app, options.strictOrder)
  if (options.context) keepRequestContext(app)
  answerErrors(app, registries, answerer, options, lifecycle)
  documentation.begin()
  app.addHook('onClose', (_app, done) => {
    endBreadcrumbs?.()
    auditLog.close()
    heldTick.release()
    done()
  })
}

/** The core plugin: registries, error handler, audit log. Register it once, before all other plugins of this family and before the routes. */
const scsPlugin: FastifyPluginAsync<ScsOptions> = fp(plugin, {
  name: '@fastify-scs/core',
  fastify: '5.x',
})

export default scsPlugin
