import scsPlugin from '@fastify-scs/core'
import errorReporter, {
  type ErrorReporterOptions,
  webhookReporter,
} from '@fastify-scs/error-reporter'
import Fastify, { type FastifyInstance } from 'fastify'
import { crashRoute } from './crash-route.js'
import { serveVariant } from './serve-variant.js'

const [, , , sink = '127.0.0.1'] = process.argv

async function build(options: ErrorReporterOptions): Promise<FastifyInstance> {
  const app = Fastify({ logger: false })
  await app.register(scsPlugin, { source: 'bench', audit: false })
  await app.register(errorReporter, {
    errorReporter: webhookReporter({ url: `http://${sink}/ours` }),
    ...options,
  })
  return crashRoute(app)
}

const EACH: ErrorReporterOptions = { growth: 1, maxCallsPerMinute: false }
/** A burst has more crashes than the queue holds by default. */
const delivery = { maxQueued: 1_000 }

await serveVariant({
  'fastify-default': async () => crashRoute(Fastify({ logger: false })),
  reported: () => build({ ...EACH, delivery }),
  // The reporter is called with each report and sends it nowhere.
  made: () => build({ ...EACH, delivery, errorReporter: () => undefined }),
  suppressed: () => build({ errorReporter: webhookReporter({ url: `http://${sink}/suppressed` }) }),
})
