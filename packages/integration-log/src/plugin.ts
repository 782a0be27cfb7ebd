import { createSpanFinder, keepRequestContext } from '@fastify-scs/core/kit'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { provideRequestFacts } from './calls/call-facts.js'
import { AlreadyRegisteredError } from './errors.js'
import { IntegrationLog } from './integration-log.js'
import type { RequestIntegrations } from './integrations.js'
import { type IntegrationLogOptions, resolveOptions } from './options.js'
import { createServiceCaller } from './service/services.js'
import { captureGlobalFetch } from './transport/global-capture.js'
import { observeCalls } from './transport/observe.js'

const plugin: FastifyPluginAsync<IntegrationLogOptions> = async (app, given) => {
  if (app.hasDecorator('integrations')) throw new AlreadyRegisteredError()
  const options = resolveOptions(given)
  const log = new IntegrationLog(app, options, await createSpanFinder())
  const fail = (error: unknown): void => log.transportFailed(error)
  const services = createServiceCaller(log.calls, options, fail)

  if (options.correlate) keepRequestContext(app)
  app.decorate('integrations', log.ofApp(services))
  app.decorateRequest('integrations', {
    getter(this: FastifyRequest): RequestIntegrations {
      return log.ofRequest(services, this)
    },
  })
  app.scs.records.onSettle(() => log.settled())
  const endings = [provideRequestFacts(app), log.watchLong()]
  if (options.observe) endings.push(observeCalls(log.calls, options, fail))
  if (options.captureGlobal) endings.push(captureGlobalFetch(log.calls, options, fail))
  if (log.sink.keepsAll) app.addHook('onSend', log.keepCallsOfAnswer)
  log.webhooks.begin(app)
  app.addHook('onReady', (done) => {
    endings.push(log.gather())
    if (log.sink.store === undefined)
      app.log.info('no store is registered: integration records go to the application log')
    done()
  })
  app.addHook('onClose', async () => {
    // Calls under way may still end and are recorded with their answers.
    await services.close()
    for (const end of endings) end()
    await log.close()
  })
}

/** The integration log. Register it once, after @fastify-scs/core and before the routes. */
const integrationLog: FastifyPluginAsync<IntegrationLogOptions> = fp(plugin, {
  name: '@fastify-scs/integration-log',
  fastify: '5.x',
  dependencies: ['@fastify-scs/core'],
})

export default integrationLog
