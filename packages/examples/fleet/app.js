// One of several processes that share a store.
import Fastify from 'fastify'
import fastifyScs from 'fastify-scs'

/** @param {import('fastify-scs').FastifyScsOptions} [options] */
export async function buildApp(options = {}) {
  const app = Fastify()
  await app.register(fastifyScs, {
    source: 'fleet',
    console: { prefix: '/_scs', authorize: (request) => request.ip === '127.0.0.1' },
    ...options,
  })
  app.get('/', async () => ({ pid: process.pid }))
  app.get('/crash', async () => {
    throw new Error('The engine has stopped')
  })
  return app
}
