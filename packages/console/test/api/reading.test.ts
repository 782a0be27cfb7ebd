import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as model from '../../src/api/model.js'
import { buildApp } from '../build-app.js'

let app: FastifyInstance
let errorId: string
const upstream = Fastify()
const events: { readonly type: string; readonly details: object }[] = []

beforeAll(async () => {
  upstream.post('/v1/charges', (_request, reply) => reply.code(402).send({ error: 'declined' }))
  app = await buildApp({
    core: { user: () => 'ann' },
    origin: await upstream.listen({ host: '127.0.0.1', port: 0 }),
    after: (app) => {
      for (const level of ['INFO', 'WARN', 'ERROR'] as const)
        app.scs.registerAuditEvent({
          type: `paid-${level}`,
          level,
          messageTemplate: 'paid {order}',
        })
      app.get('/orders/:id', async (request) => {
        for (const level of ['INFO', 'WARN', 'ERROR'])
          request.addAuditEvent(`paid-${level}`, { order: '42' })
        const response = await request.integrations.service('stripe').fetch('/v1/charges', {
          method: 'POST',
          body: JSON.stringify({ amount: 1 }),
          headers: { 'content-type': 'application/json' },
          reference: { type: 'Order', id: '42/7' },
        })
        await response.text()
        throw new Error('the card was refused')
      })
      app.get('/slow', async () => {
        await new Promise((resolve) => setTimeout(resolve, 120))
        return 'late'
      })
    },
  })
  const failed = await app.inject('/orders/42')
  errorId = String(failed.headers['x-error-id'])
  await app.inject('/slow')
  await app.errorReporter.flush()
  await app.integrations.settled()
  await app.scsStore.flush()
  app.scs.audit.subscribe(({ event }) => void events.push(event))
})

afterAll(() => Promise.all([app.close(), upstream.close()]))

async function get<Schema extends TSchema>(path: string, schema: Schema): Promise<Static<Schema>> {
  const answer = await app.inject(`/_scs/api${path}`)
  expect(answer.statusCode, answer.body).toBe(200)
  const body = answer.json()
  expect([...Value.Errors(schema, body)].slice(0, 3), path).toEqual([])
  return body
}

describe('the reading part of the API', () => {
  it('answers each of its paths as the model says', async () => {
    await get('/session', model.Session)
    const series = await get('/series', model.OverviewSeries)
    expect(series.reports.map(({ name }) => name).sort()).toEqual(['fatal', 'slow'])
    expect(series.failedCalls.map(({ name }) => name)).toEqual(['stripe'])
    const services = await get('/services', Type.Array(model.ServiceRow))
    expect(services).toMatchObject([{ service: 'stripe', calls: 1, failed: 1 }])
    await get('/routes', Type.Array(model.RouteRow))
    await get('/releases', Type.Array(model.ReleaseRow))
    expect(await get('/store', model.StoreState)).toMatchObject({ engine: 'memory' })
    const groups = await get('/groups?kind=fatal', model.GroupPage)
    expect(groups.items).toHaveLength(1)
    const fingerprint = encodeURIComponent(groups.items[0]?.fingerprint ?? '')
    const detail = await get(`/groups/${fingerprint}`, model.GroupDetail)
    expect(detail.routes).toMatchObject([{ value: 'GET /orders/:id', count: 1 }])
    for (const kind of ['reports', 'integration_requests', 'audit_events']) {
      const list = await get(`/records/${kind}`, model.RecordList)
      expect(list.items.length, kind).toBeGreaterThan(0)
      await get(`/records/${kind}/${list.items[0]?.id}`, model.RecordDetail)
      const tally = await get(`/tally/${kind}?by=service`, model.TallyAnswer)
      expect(tally.total, kind).toBeGreaterThan(0)
    }
  })

  it('counts a group in spans that fit the time that is asked for', async () => {
    const { items } = await get('/groups?kind=fatal', model.GroupPage)
    const path = `/groups/${encodeURIComponent(items[0]?.fingerprint ?? '')}`
    const HOUR_MS = 3_600_000
    for (const [hours, bucketHours] of [
      [24, 1],
      [7 * 24, 3],
      [30 * 24, 12],
    ] as const) {
      const from = Date.now() - hours * HOUR_MS
      const { counts, group } = await get(`${path}?from=${from}`, model.GroupDetail)
      expect(counts.bucketMs, `${hours} h`).toBe(bucketHours * HOUR_MS)
      expect(counts.from).toBeLessThanOrEqual(from)
      expect(group.counts).toMatchObject([{ count: 1 }])
    }
    const past = await get(
      `${path}?from=${Date.now() - 3 * HOUR_MS}&to=${Date.now() - 2 * HOUR_MS}`,
      model.GroupDetail,
    )
    expect(past.group.counts).toEqual([])
    expect((await app.inject(`/_scs/api${path}?from=0`)).statusCode).toBe(400)
  })

  it('leaves its own routes out of the figures of the routes', async () => {
    await get('/session', model.Session)
    const text = app.slowCall.metrics()
    expect(text).toContain('/orders/:id')
    expect(text).not.toContain('_scs')
    expect(app.slowCall.stats().routes.map(({ route }) => route)).not.toContain('/_scs/api/session')
  })

  it('says what the console costs', async () => {
    const { console } = await get('/store', model.StoreState)
    expect(console.queries).toBeGreaterThan(0)
    expect(console.queryMs).toBeGreaterThan(0)
  })

  it('has the release and the environment of the error reporter', async () => {
    const { environment } = await get('/session', model.Session)
    expect(environment).toBe(process.env.NODE_ENV)
  })

  it('says in the audit log who has looked at which record', async () => {
    const { items } = await get('/records/reports', model.RecordList)
    events.length = 0
    const id = items[0]?.id
    await get(`/records/reports/${id}`, model.RecordDetail)
    expect(events).toMatchObject([
      { type: 'console-viewed', details: { user: 'ann', kind: 'reports', id } },
    ])
    events.length = 0
    await get('/records/reports', model.RecordList)
    expect(events).toEqual([])
  })

  it('finds records by each field of the query', async () => {
    const found = async (kind: string, query: string) => {
      const { items } = await get(`/records/${kind}?${query}`, model.RecordList)
      return items.length
    }
    expect(await found('integration_requests', 'referenceType=Order&referenceId=42%2F7')).toBe(1)
    expect(await found('integration_requests', 'statusCode=4xx&direction=out&method=post')).toBe(1)
    expect(await found('integration_requests', 'statusCode=402')).toBe(1)
    expect(await found('integration_requests', 'statusCode=500-599')).toBe(0)
    expect(await found('integration_requests', 'status=Failed,Cancelled')).toBe(1)
    expect(await found('reports', 'status=slow,stuck')).toBe(1)
    expect(await found('reports', `from=${Date.now() - 60_000}&text=card`)).toBe(1)
    expect(await found('reports', `to=${new Date(Date.now() - 60_000).toISOString()}`)).toBe(0)
    expect(await found('reports', `errorId=${errorId}`)).toBe(1)
    expect(await found('reports', 'errorId=another')).toBe(0)
    expect(await found('audit_events', 'type=paid-WARN')).toBe(1)
    expect(await found('audit_events', 'path=/orders/')).toBe(3)
    expect(await found('audit_events', 'path=/other/')).toBe(0)
  })

  it('pages through several levels as through one list', async () => {
    const path = '/records/audit_events?level=INFO,ERROR&path=/orders&limit=1'
    const first = await get(path, model.RecordList)
    const next = await get(`${path}&cursor=${first.nextCursor}`, model.RecordList)
    const levels = [...first.items, ...next.items].map((row) => 'level' in row && row.level)
    expect(levels).toEqual(['ERROR', 'INFO'])
    expect(next.nextCursor).toBeUndefined()
  })

  it("refuses what it does not know, in the application's format", async () => {
    for (const path of [
      '/session?x=1',
      '/records/reports?unknown=1',
      '/records/reports?limit=0',
      '/records/reports?limit=201',
      '/records/reports?limit=one',
      '/records/reports?cursor=wrong',
      '/records/reports?from=yesterday',
      '/records/reports?statusCode=99',
      '/records/reports?service=a&service=b',
      '/tally/reports?by=nothing',
      '/tally/reports',
      '/groups?status=wrong',
      '/groups?cursor=wrong',
      '/groups?order=wrong',
      '/routes?bucketMs=1',
      '/series?from=5&to=4',
      '/series?from=0',
      '/live?kinds=route_stats',
      '/export/reports?format=xml',
    ]) {
      const answer = await app.inject(`/_scs/api${path}`)
      expect(answer.statusCode, `${path} ${answer.body}`).toBe(400)
      expect(answer.json().error.message, path).toBeTypeOf('string')
    }
    for (const path of [
      '/nothing',
      '/groups/none',
      '/records/route_stats',
      '/records/reports/01a217c1-e062-739f-8ee2-efa008e395eb',
      '/records/reports/wrong',
      '/export/route_stats',
    ]) {
      const answer = await app.inject(`/_scs/api${path}`)
      expect(answer.statusCode, path).toBe(404)
      expect(answer.json().error.id, path).toBe('console-not-found')
    }
  })

  it('tells the time line of a request in order, whatever clocks say', async () => {
    const { items } = await get('/records/reports?status=fatal', model.RecordList)
    const { requestId, createdAt } = items[0] as model.ReportRow
    const path = `/requests/${encodeURIComponent(requestId ?? '')}`
    const { entries, records } = await get(path, model.Timeline)
    expect(entries.map(({ what, title }) => `${what} ${title.replace(/:\d+/, '')}`)).toEqual([
      'arrival GET /orders/42',
      ...['audit paid 42', 'audit paid 42', 'audit paid 42'],
      'call POST http://127.0.0.1/v1/charges → 402',
      expect.stringContaining('crash FATAL BACKEND ERROR'),
      'answer Answered 500',
    ])
    expect(records).toHaveLength(5)
    const far = createdAt - 3 * 86_400_000
    expect((await get(`${path}?at=${far}`, model.Timeline)).records).toEqual([])
    expect((await get(`${path}?at=${createdAt}`, model.Timeline)).records).toHaveLength(5)
  })

  it('tells the phases of a slow request', async () => {
    const { items } = await get('/records/reports?status=slow', model.RecordList)
    const { requestId } = items[0] as model.ReportRow
    const { entries } = await get(`/requests/${requestId}`, model.Timeline)
    const whats = entries.map(({ what }) => what)
    expect(whats[0]).toBe('arrival')
    expect(whats.filter((what) => what !== 'phase')).toEqual(['arrival', 'answer', 'slow'])
    expect(entries.find(({ title }) => title === 'Handler')?.durationMs).toBeGreaterThan(100)
  })
})
