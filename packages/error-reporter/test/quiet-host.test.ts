import { LogController } from 'fastify'
import { expect, it } from 'vitest'
import { buildApp } from './build-app.js'

const quiet = {
  'disableRequestLogging: true': { disableRequestLogging: true },
  'disableRequestLogging as a function': { disableRequestLogging: () => true },
  'a log controller': { logController: new LogController({ disableRequestLogging: true }) },
}

it.each(Object.entries(quiet))(
  'with %s a 5xx that is merely returned is reported and has no line',
  async (_what, server) => {
    const test = await buildApp({ server })
    test.app.get('/returned', (_request, reply) => reply.code(503).send({ a: 1 }))
    test.app.get('/raw', (_request, reply) => {
      reply.hijack()
      reply.raw.writeHead(500).end()
    })
    test.app.register(async (child) => {
      child.setErrorHandler((_error, _request, reply) => reply.code(500).send('own'))
      child.get('/child', () => {
        throw new Error('x')
      })
    })
    for (const url of ['/returned', '/raw', '/child']) await test.app.inject(url)
    expect(await test.reported()).toHaveLength(3)
    expect(test.log.filter(({ level }) => Number(level) >= 40)).toEqual([])
  },
)
