import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { runInNewContext } from 'node:vm'
import axios from 'axios'
import { Agent, interceptors, request as undiciRequest } from 'undici'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildApp, only, type TestApp } from '../build-app.js'

let server: Server
let origin: string
let answer: (response: ServerResponse) => void
let test: TestApp

beforeEach(async () => {
  server = createServer((request, response) => request.resume().once('end', () => answer(response)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  test = await buildApp()
})
afterEach(async () => {
  await test.app.close()
  server.closeAllConnections()
  server.close()
})

/** What is recorded of what a call throws, logged where it is caught. */
async function caught(call: () => Promise<unknown>, fields = {}) {
  await call().then(
    () => expect.unreachable(),
    (error: unknown) => test.app.integrations.logResponse(error, fields),
  )
  return only(await test.records())
}

function answers(statusCode: number, body: string, type = 'application/json'): void {
  answer = (response) =>
    response.writeHead(statusCode, { 'content-type': type, 'x-id': '7' }).end(body)
}

it('an error of axios with an answer is recorded as that answer', async () => {
  answers(402, '{"code":"declined","token":"t"}')
  const post = () =>
    axios.post(`${origin}/charges`, { pin: 1, n: 2 }, { headers: { Authorization: 'Bearer x' } })
  const reference = { type: 'Order', id: '42' }
  expect(await caught(post, { reference, service: 'pay' })).toMatchObject({
    service: 'pay',
    status: 'Failed',
    statusCode: 402,
    method: 'POST',
    url: `${origin}/charges`,
    requestHeaders: { authorization: '[redacted]' },
    responseHeaders: { 'x-id': '7' },
    data: { pin: '[redacted]', n: 2 },
    output: null,
    error: { code: 'declined', token: '[redacted]' },
    reference,
  })
})

it('an error of axios without an answer is recorded with its request', async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  const record = await caught(() => axios.get('/x?token=t', { baseURL: origin }))
  expect(record).toMatchObject({
    service: new URL(origin).host,
    status: 'Failed',
    statusCode: null,
    method: 'GET',
    url: `${origin}/x?token=[redacted]`,
    error: { name: 'AxiosError', code: 'ECONNREFUSED' },
  })
})

it('an error of axios about an answer of 200 is Failed, with the error and the body', async () => {
  answers(200, '{"half":')
  const strict = { responseType: 'json', transitional: { silentJSONParsing: false } } as const
  expect(await caught(() => axios.get(origin, strict))).toMatchObject({
    status: 'Failed',
    statusCode: 200,
    output: null,
    error: { name: expect.stringContaining('Error'), body: expect.anything() },
  })
})

it('an empty answer that axios refuses has the error', async () => {
  answers(503, '')
  expect(await caught(() => axios.get(origin))).toMatchObject({
    statusCode: 503,
    error: { message: 'Request failed with status code 503' },
  })
})

it('what a fetch is rejected with is recorded with its causes', async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  expect(await caught(() => fetch(origin), { url: `${origin}/pay`, method: 'post' })).toMatchObject(
    {
      service: new URL(origin).host,
      status: 'Failed',
      method: 'POST',
      url: `${origin}/pay`,
      statusCode: null,
      error: { name: 'TypeError', message: 'fetch failed', cause: { code: 'ECONNREFUSED' } },
    },
  )
})

it.each([
  ['a reason of its own', () => AbortSignal.abort(), { name: 'AbortError' }],
  ['an error', () => AbortSignal.abort(new Error('left')), { name: 'Error', message: 'left' }],
  [
    'a text',
    () => AbortSignal.abort('the user left, password=x'),
    'the user left, password=[redacted]',
  ],
  ['a timeout', () => AbortSignal.timeout(1), { name: 'TimeoutError' }],
])('a fetch that is aborted with %s is Failed', async (_name, signal, error) => {
  answer = () => undefined
  expect(await caught(() => fetch(origin, { signal: signal() }))).toMatchObject({
    service: 'unknown',
    status: 'Failed',
    error,
  })
})

it("undici's own errors are recorded, with the answer where they are one", async () => {
  answers(422, '{"reason":"no"}')
  const dispatcher = new Agent().compose(interceptors.responseError())
  expect(await caught(() => undiciRequest(origin, { dispatcher }), { url: origin })).toMatchObject({
    status: 'Failed',
    statusCode: 422,
    url: origin,
    responseHeaders: { 'x-id': '7' },
    error: { reason: 'no' },
  })
  await dispatcher.close()
})

it('an error that holds a response and a request of fetch is recorded as they are', async () => {
  answers(409, '{"conflict":true}')
  const call = async () => {
    const request = new Request(`${origin}/x`, { method: 'PUT', headers: { accept: '*/*' } })
    throw Object.assign(new Error('HTTPError'), { response: await fetch(request), request })
  }
  expect(await caught(call)).toMatchObject({
    method: 'PUT',
    url: `${origin}/x`,
    statusCode: 409,
    error: { conflict: true },
  })
})

it('errors of another realm, and objects that are like errors, are recorded', async () => {
  const { app, records } = test
  app.integrations.logResponse(runInNewContext('new RangeError("far")'))
  app.integrations.logResponse({ message: 'no', code: 'E_NO', password: 'x' } as unknown)
  const hostile = Object.defineProperty(new Error('own'), 'response', {
    get: () => {
      throw new Error('mine')
    },
  })
  app.integrations.logResponse(hostile)
  expect((await records()).map(({ status, error }) => [status, error])).toMatchObject([
    ['Failed', { name: 'RangeError', message: 'far' }],
    ['Failed', { message: 'no', code: 'E_NO', password: '[redacted]' }],
    ['Failed', { message: 'own' }],
  ])
})

it('logResponse throws nothing for an error: wrong fields are left out, counted and logged', async () => {
  const { app, lines, records } = test
  app.integrations.log({ service: 'a', key: 'taken' })
  const error = new Error('down')
  const wrong = {
    service: 'a',
    refernce: 1,
    statusCode: 'x',
    key: 'taken',
    method: 'get',
    id: 'no',
  }
  app.integrations.logResponse(error, wrong as never)
  app.integrations.logResponse(error, null as never)
  app.integrations.logResponse('gone', { reference: 7 } as never)
  expect((await records()).slice(1)).toMatchObject([
    { service: 'a', method: 'GET', key: null, statusCode: null, error: { message: 'down' } },
    { service: 'unknown', error: { message: 'down' } },
    { service: 'unknown', error: 'gone', reference: null },
  ])
  expect(app.integrations.stats().describeFailures).toBe(3)
  expect(lines.filter(({ level }) => level === 50)).toMatchObject([
    { msg: 'a failed call is recorded without a field that is wrong' },
  ])
})

it('the status that the application gives wins', async () => {
  const { app, records } = test
  answers(200, '{"ok":false}')
  app.integrations.logResponse(await fetch(origin), { status: 'Failed' })
  expect(only(await records())).toMatchObject({
    status: 'Failed',
    statusCode: 200,
    error: { ok: false },
    output: null,
  })
})

it('whatever was thrown is recorded as Failed; what is neither a response nor an error is also logged', async () => {
  const { app, lines, records } = test
  const thrown: unknown[] = [
    undefined,
    null,
    42,
    { code: 7, password: 'x' },
    Symbol('s'),
    revoked(),
  ]
  for (const each of thrown) app.integrations.logResponse(each, { service: 'a' })
  expect(await records()).toMatchObject([
    { service: 'a', status: 'Failed', error: { name: 'undefined', message: 'undefined' } },
    { status: 'Failed', error: { name: 'null', message: 'null' } },
    { status: 'Failed', error: { name: 'number', message: '42' } },
    { status: 'Failed', error: { code: 7, password: '[redacted]' } },
    { status: 'Failed', error: { name: 'symbol' } },
    { status: 'Failed', error: '[unreadable]' },
  ])
  expect(app.integrations.stats().describeFailures).toBe(thrown.length)
  expect(lines.filter(({ level }) => level === 50)).toMatchObject([
    { err: { code: 'SCS_INTEGRATION_ERR_RESPONSE' } },
  ])
})

it('logResponse throws nothing for an error: unreadable fields are left out', async () => {
  const { app, records } = test
  const error = new Error('down')
  const failing = {
    service: 'a',
    method: 'get',
    get data(): unknown {
      throw new Error('not now')
    },
  }
  app.integrations.logResponse(error, failing)
  app.integrations.logResponse(error, revoked() as never)
  app.integrations.logResponse(error, { service: 'b', data: revoked() })
  // Like an error, but no instance of one.
  app.integrations.logResponse(
    { message: 'odd', response: { status: 500, data: 'no' } } as never,
    { service: 'c', refernce: 1 } as never,
  )
  expect(await records()).toMatchObject([
    { service: 'a', method: 'GET', data: null, error: { message: 'down' } },
    { service: 'unknown', error: { message: 'down' } },
    { service: 'b', data: '[unreadable]', error: { message: 'down' } },
    { service: 'c', statusCode: 500, error: 'no' },
  ])
  expect(app.integrations.stats().describeFailures).toBe(3)
})

it.each([[-1], [1e99], [500.5], [Number.NaN]])(
  'the answer of an error whose status is no status code is none: %s',
  async (status) => {
    const error = Object.assign(new Error('odd'), { response: { status, data: 'x' } })
    test.app.integrations.logResponse(error, { service: 'a' })
    expect(only(await test.records())).toMatchObject({
      statusCode: null,
      error: { message: 'odd' },
    })
  },
)

it('a promise that was not awaited is refused at once', () => {
  expect(() => test.app.integrations.logResponse(Promise.resolve() as never)).toThrow(
    expect.objectContaining({ code: 'SCS_INTEGRATION_ERR_RESPONSE' }),
  )
})

/** What is left of a draft of a state library, once that has ended. */
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
