// Loaded before each test file of a peer: puts our plugins, or a plain error handler, into every Fastify instance that the tests make.
const { STATUS_CODES } = require('node:http')

const { SCS_PEERS_MODE: mode, SCS_PEERS_FASTIFY: fastifyPath, SCS_PEERS_OURS: ours } = process.env

const original = require(fastifyPath)
require.cache[require.resolve(fastifyPath)].exports = wrap(original)

function wrap(make) {
  function fastify(...args) {
    const app = make(...args)
    if (mode === 'plain') app.register(plainErrorHandler())
    else registerOurs(app)
    return app
  }
  return Object.assign(fastify, make, { fastify, default: fastify })
}

/** Fastify's own body, made by hand, so that only what else our plugins change makes a difference. */
function bodyOf(error, status) {
  const { code, message } = error ?? {}
  return { statusCode: status, code, error: STATUS_CODES[status], message: message ?? '' }
}

function plainErrorHandler() {
  async function plain(app) {
    app.setErrorHandler((error, _request, reply) => {
      const own = error?.statusCode ?? error?.status
      const status = reply.statusCode >= 400 ? reply.statusCode : own >= 400 ? own : 500
      if (error?.headers !== undefined) reply.headers(error.headers)
      reply.code(status).send(bodyOf(error, status))
    })
  }
  plain[Symbol.for('skip-override')] = true
  return plain
}

function registerOurs(app) {
  const load = (name) => require(require.resolve(`@fastify-scs/${name}`, { paths: [ours] })).default
  app.register(load('core'), {
    audit: false,
    errorFormat: ({ thrown, status, message }) =>
      thrown === undefined
        ? { message, error: STATUS_CODES[status], statusCode: status }
        : bodyOf(thrown, status),
  })
  if (mode === 'core') return
  app.register(load('store'), { url: 'memory:' })
  app.register(load('error-reporter'), { errorReporter: () => {} })
  app.register(load('slow-call'))
  app.register(load('query-log'))
  app.register(load('integration-log'), { observe: true })
}
