import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import Fastify from 'fastify'
import LowestFastify from 'fastify-lowest'
import { expect, it, onTestFinished } from 'vitest'

it.each([
  ['the Fastify of the workspace', Fastify],
  ['the lowest Fastify', LowestFastify as unknown as typeof Fastify],
])(
  'a 5xx that a handler returns shows the id of its report, before the onSend hooks, with %s',
  async (_name, create) => {
    const ids: string[] = []
    const app = create()
    onTestFinished(() => app.close())
    await app.register(scsPlugin, { audit: false, returnedErrors: false })
    await app.register(errorReporter, {
      errorReporter: (_t, _m, report) => void ids.push(report.error_id),
    })
    const seen: unknown[] = []
    app.addHook('onSend', async (_request, _reply, payload) => void seen.push(payload))
    app.get('/', (_request, reply) => reply.code(503).send({ error: 'NO_STOCK', status: 503 }))
    app.get('/fine', () => ({ fine: true }))
    const answer = await app.inject('/')
    await app.inject('/fine')
    await app.errorReporter.flush()
    expect(ids).toHaveLength(1)
    expect(answer.headers['x-error-id']).toBe(ids[0])
    expect(answer.json()).toEqual({ error: 'NO_STOCK', status: 503, error_id: ids[0] })
    expect(seen).toEqual([answer.body, '{"fine":true}'])
  },
)
