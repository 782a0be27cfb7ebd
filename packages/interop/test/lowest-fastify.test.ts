import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import scsConsole from '@fastify-scs/console'
import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import queryLog, { observeBetterSqlite } from '@fastify-scs/query-log'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import BetterSqlite3 from 'better-sqlite3'
import type { FastifyInstance } from 'fastify'
import Fastify from 'fastify-lowest'
import { expect, it } from 'vitest'

/** The lowest Fastify that the packages claim in `peerDependencies` and in their READMEs. */
const LOWEST = '5.0.0'

it(`all packages work together on Fastify ${LOWEST}`, async () => {
  const upstream = createServer((_request, response) => response.end('{"paid":true}'))
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  const { port } = upstream.address() as AddressInfo
  const audited: string[] = []
  const titles: string[] = []
  const app = Fastify() as unknown as FastifyInstance
  expect(app.version).toBe(LOWEST)
  await app.register(scsPlugin, {
    audit: { stream: { write: (line: string) => void audited.push(line) } },
    context: true,
  })
  await app.register(store, { url: 'memory:' })
  await app.register(errorReporter, { errorReporter: (title) => void titles.push(title) })
  await app.register(slowCall, { maxMs: 60_000, blockedAfterMs: false })
  await app.register(queryLog)
  const database = observeBetterSqlite(new BetterSqlite3(':memory:'))
  await app.register(integrationLog, {
    services: { bank: { origin: `http://127.0.0.1:${port}` } },
    observe: true,
  })
  await app.register(scsConsole, { authorize: ({ headers }) => headers['x-who'] === 'me' })
  const closed = app.scs.registerError({ code: 409, id: 'orders-closed', message: 'Closed' })
  app.scs.registerAuditEvent({ type: 'read', level: 'INFO', messageTemplate: 'Order was read' })
  app.get('/read', { integration: { service: 'bank' } }, async (request) => {
    request.addAuditEvent('read')
    return { read: true }
  })
  app.get('/closed', { throws: [closed] }, async () => {
    throw closed()
  })
  app.get('/crash', async (request) => {
    await request.integrations.service('bank').fetch('/pay')
    database.prepare('SELECT ? AS one').get(1)
    throw new Error('boom')
  })
  app.get('/slow', { slowCall: 5 }, async () => {
    await new Promise((resolve) => setTimeout(resolve, 60))
    return { slow: true }
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const statuses: number[] = []
  for (const path of ['/read', '/closed', '/crash', '/slow', '/nowhere']) {
    const answer = await fetch(`${origin}${path}`)
    await answer.text()
    statuses.push(answer.status)
  }
  expect(statuses).toEqual([200, 409, 500, 200, 404])
  await app.integrations.settled()
  await app.errorReporter.flush()
  await app.scsStore.flush()
  expect(audited).toHaveLength(1)
  expect(titles).toContain('FATAL BACKEND ERROR app 500 SERVER_ERROR: GET /crash: boom')
  const calls = await app.integrations.find({ service: 'bank' })
  expect(
    calls.items.map(({ isRemoteRequest, url }) => [isRemoteRequest, new URL(url ?? '').pathname]),
  ).toEqual([
    [true, '/pay'],
    [false, '/read'],
  ])
  const reports = await app.scsStore.find('reports')
  expect(reports.items).toHaveLength(2)
  const crash = reports.items.find(({ keys }) => keys.status === 'fatal')
  expect(crash?.data.facts).toMatchObject({
    queries: { count: 1, statements: [{ system: 'sqlite', text: 'SELECT ? AS one', times: 1 }] },
  })
  const groups = `${origin}/_scs/api/groups`
  const seen = await fetch(groups, { headers: { 'x-who': 'me' } })
  expect(seen.status).toBe(200)
  expect(await seen.json()).toMatchObject({ items: [{ occurrences: 1 }, { occurrences: 1 }] })
  const [stranger, unknown] = await Promise.all([fetch(groups), fetch(`${origin}/_scs/api/groupz`)])
  expect(stranger.status).toBe(404)
  expect((await stranger.text()).replace('groups', 'groupz')).toBe(await unknown.text())
  await app.close()
  upstream.closeAllConnections()
  upstream.close()
})

it(`routes that were declared before core are found on Fastify ${LOWEST}, too`, async () => {
  const app = Fastify() as unknown as FastifyInstance
  app.get('/early/:id', async () => ({}))
  app.register(scsPlugin, { audit: false, strictOrder: true })
  app.get('/late', async () => ({}))
  await expect(app.ready().then()).rejects.toMatchObject({
    code: 'SCS_ERR_ROUTE_ORDER',
    message: 'Routes were declared before @fastify-scs/core: GET /early/:id',
  })
})
