import type { TSchema } from '@sinclair/typebox'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as model from '../../src/api/model.js'
import { buildApp } from '../build-app.js'

let app: FastifyInstance
const upstream = Fastify()

beforeAll(async () => {
  upstream.post('/v1/charges', (_request, reply) => reply.code(402).send({ error: 'declined' }))
  app = await buildApp({
    origin: await upstream.listen({ host: '127.0.0.1', port: 0 }),
    after: (app) => {
      app.scs.registerAuditEvent({ type: 'paid', level: 'INFO', messageTemplate: 'paid {order}' })
      app.get('/orders/:id', async (request) => {
        request.addAuditEvent('paid', { order: '42' })
        await request.integrations
          .service('stripe')
          .fetch('/v1/charges', {
            method: 'POST',
            body: JSON.stringify({ amount: 1 }),
            headers: { 'content-type': 'application/json', 'x-say': "it's" },
            reference: { type: 'Order', id: '42' },
          })
          .then((response) => response.text())
        throw new Error('the card was refused')
      })
      app.get('/slow', async () => {
        await new Promise((resolve) => setTimeout(resolve, 120))
        return 'late'
      })
    },
  })
  await app.inject('/orders/42')
  await app.inject('/slow')
  await app.errorReporter.flush()
  await app.integrations.settled()
  await app.scsStore.flush()
})

afterAll(() => Promise.all([app.close(), upstream.close()]))

async function get<Schema extends TSchema>(path: string, schema: Schema) {
  const answer = await app.inject(`/_scs/api${path}`)
  expect(answer.statusCode, answer.body).toBe(200)
  const body = answer.json()
  expect([...Value.Errors(schema, body)].slice(0, 3)).toEqual([])
  return body
}

describe('the reading part of the API', () => {
  it('answers each of its paths as the model says', async () => {
    await get('/session', model.Session)
    await get('/series', model.OverviewSeries)
    const services = await get('/services', Type.Array(model.ServiceRow))
    expect(services).toMatchObject([{ service: 'stripe', calls: 1, failed: 1 }])
    await get('/routes', Type.Array(model.RouteRow))
    await get('/releases', Type.Array(model.ReleaseRow))
    await get('/store', model.StoreState)
    const groups = await get('/groups', model.GroupPage)
    expect(groups.items.length).toBeGreaterThan(0)
    const { fingerprint } = groups.items[0]
    await get(`/groups/${encodeURIComponent(fingerprint)}`, model.GroupDetail)
    for (const kind of ['reports', 'integration_requests', 'audit_events']) {
      const list = await get(`/records/${kind}`, model.RecordList)
      expect(list.items.length, kind).toBeGreaterThan(0)
      await get(`/records/${kind}/${list.items[0].id}`, model.RecordDetail)
      await get(`/tally/${kind}?by=service`, model.TallyAnswer)
    }
    const { items } = await get('/records/reports?status=fatal', model.RecordList)
    const timeline = await get(`/requests/${items[0].requestId}`, model.Timeline)
    const calls = await get('/records/integration_requests', model.RecordList)
    const detail = await get(
      `/records/integration_requests/${calls.items[0].id}`,
      model.RecordDetail,
    )
  })
  it('serves the page', async () => {
    const answer = await app.inject('/_scs/groups/abc')
  })
})
