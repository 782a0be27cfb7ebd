import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runAsOwnCall } from '@fastify-scs/core/kit'
import integrationLog, { errorCatalog } from '@fastify-scs/integration-log'
import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { buildApp, only } from './build-app.js'

it.each([
  [{ servces: {} }, 'servces: expected no such option'],
  [{ services: { a: { origin: 'nowhere' } } }, 'services.a.origin: expected an origin such as'],
  [{ services: { a: { origin: 'https://a.b/v1' } } }, 'services.a.origin: expected an origin'],
  [{ services: { a: { origin: 'https://u:p@a.b' } } }, 'services.a.origin: expected an origin'],
  [
    { services: { a: { origin: 'https://a.b/v1' } } },
    "https://api.example.com', got a URL with a path",
  ],
  [{ services: { a: { proxy: 'secret' } } }, 'http or https URL, got a text of 6 characters that'],
  [
    { services: { a: { bodies: 'all' } } },
    "services.a.bodies: expected 'always', 'failed' or 'never'",
  ],
  [{ services: { a: { redact: { keys: 'iban' } } } }, 'services.a.redact.keys: expected a list'],
  [{ services: { a: { proxy: 'x' } } }, 'services.a.proxy: expected an http or https URL'],
  [{ services: { a: 'https://a.b' } }, 'services.a: expected an object'],
  [{ maxBodyBytes: -1 }, 'maxBodyBytes: expected a whole number'],
  [{ queuedAfterMs: 1 }, 'queuedAfterMs: expected a whole number'],
  [{ observe: 'yes' }, 'observe: expected true or false'],
])('a wrong option fails at registration: %j', async (log, message) => {
  await expect(buildApp({ log: log as never })).rejects.toMatchObject({
    code: 'SCS_INTEGRATION_ERR_OPTIONS',
    message: expect.stringContaining(message),
  })
})

it('needs core, and refuses to be registered twice', async () => {
  await expect(Fastify().register(integrationLog)).rejects.toThrow(/@fastify-scs\/core/)
  const { app } = await buildApp()
  await expect(app.register(integrationLog)).rejects.toMatchObject({
    code: 'SCS_INTEGRATION_ERR_ALREADY_REGISTERED',
  })
})

it('a service that is not declared is named, with those that are', async () => {
  const { app } = await buildApp({ log: { services: { a: {}, b: {} } } })
  expect(() => app.integrations.service('c')).toThrow(
    'The service c is not declared; declared: a, b',
  )
})

it("a plugin's own call by node:http is not recorded, only counted, once", async () => {
  const upstream = createServer((_request, response) => response.end('ok'))
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  const { app, records } = await buildApp({ log: { observe: true } })
  const { port } = upstream.address() as AddressInfo
  const [response] = (await once(
    runAsOwnCall(() => get({ host: '127.0.0.1', port })),
    'response',
  )) as [IncomingMessage]
  await once(response.resume(), 'close')
  expect(await records()).toEqual([])
  expect(app.integrations.stats()).toMatchObject({ ownCallsSkipped: 1, recorded: 0 })
  await app.close()
  upstream.close()
})

it('every error says what to do', () => {
  for (const [code, { message, fix }] of Object.entries(errorCatalog)) {
    expect(code).toMatch(/^SCS_INTEGRATION_ERR_[A-Z_]+$/)
    expect(message).not.toBe('')
    expect(fix).toMatch(/\.$/)
  }
})

it("a service's fetch is recorded in a SQLite file, tied to the request, and shown to reports", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'integration-log-'))
  const upstream = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end('{"id":"ch_1","secret":"s"}')
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  const { app, records } = await buildApp({
    store: `sqlite:${join(folder, 'scs.db')}`,
    log: { services: { pay: { origin } } },
  })
  let facts: unknown
  app.get('/orders/:id', async (request) => {
    const response = await app.integrations.service('pay').fetch('/charges', {
      method: 'POST',
      body: JSON.stringify({ amount: 5, card_number: '4242' }),
      headers: { 'content-type': 'application/json', authorization: 'Bearer x' },
      reference: { type: 'Order', id: '42' },
    })
    const answer = await response.json()
    facts = app.scs.requestFacts.of(request).outbound_calls
    return answer
  })
  expect((await app.inject('/orders/42')).json()).toEqual({ id: 'ch_1', secret: 's' })
  expect(only(await records())).toMatchObject({
    service: 'pay',
    url: `${origin}/charges`,
    method: 'POST',
    status: 'Completed',
    requestId: 'req-1',
    route: '/orders/:id',
    data: { amount: 5, card_number: '[redacted]' },
    output: { id: 'ch_1', secret: '[redacted]' },
    requestHeaders: { authorization: '[redacted]' },
    reference: { type: 'Order', id: '42' },
  })
  expect(facts).toMatchObject([{ service: 'pay', url: `${origin}/charges` }])
  await app.close()
  upstream.close()
  rmSync(folder, { recursive: true })
})
