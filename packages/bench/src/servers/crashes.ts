import scsPlugin from '@fastify-scs/core'
import errorReporter, {
  type ErrorReporterOptions,
  webhookReporter,
} from '@fastify-scs/error-reporter'
import Fastify, { type FastifyInstance } from 'fastify'
import { crashRoute, serveVariant } from './serve-variant.js'

/** Where webhooks post to: the runner's sink, where there is one. */
const [, , , sink = '127.0.0.1'] = process.argv

/** Reports each crash, and has room for a whole burst of them. */
const EACH: ErrorReporterOptions = {
  growth: 1,
  maxCallsPerMinute: false,
  delivery: { maxQueued: 1_000 },
}

/** Builds an app with core, and with the error reporter when there are options for it. */
async function build(options?: ErrorReporterOptions): Promise<FastifyInstance> {
  const app = Fastify({ logger: false })
  await app.register(scsPlugin, { source: 'bench', audit: false })
  if (options !== undefined) {
    await app.register(errorReporter, { errorReporter: () => undefined, ...options })
  }
  return app
}

function posting(path: string): ErrorReporterOptions {
  return { errorReporter: webhookReporter({ url: `http://${sink}${path}` }) }
}

function crash(): never {
  throw new Error('an unexpected error')
}

await serveVariant({
  // Every crash is the same one.
  'fastify-default': async () => Fastify({ logger: false }).get('/', crash),
  core: async () => (await build()).get('/', crash),
  suppressed: async () => (await build({})).get('/', crash),
  reported: async () => (await build({ growth: 1, maxCallsPerMinute: false })).get('/', crash),
  'reported without code': async () =>
    (await build({ growth: 1, maxCallsPerMinute: false, code: false })).get('/', crash),
  // Each crash has a message of its own, and reports are posted to the sink.
  'numbered, fastify-default': async () => crashRoute(Fastify({ logger: false })),
  'numbered, posted': async () => crashRoute(await build({ ...EACH, ...posting('/ours') })),
  'numbered, made': async () => crashRoute(await build(EACH)),
  'numbered, suppressed': async () => crashRoute(await build(posting('/suppressed'))),
})
