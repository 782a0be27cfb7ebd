import zlib from 'node:zlib'
import { currentRequest } from '@fastify-scs/core'
import type { StoreRecord } from '@fastify-scs/core/kit'
import { keepRequestContext, runAsOwnCall } from '@fastify-scs/core/kit'
import { expect, it } from 'vitest'
import type { CallStart } from '../../src/call.js'
import { buildLog, only } from '../build-app.js'
import { captured } from '../captured.js'

const JSON_HEADERS = ['Content-Type', 'application/json']
const services = { stripe: { origin: 'https://api.stripe.com', redact: { keys: ['shoeSize'] } } }

const CALLER = {
  of: () => never(),
  close: async () => undefined,
  holderOf: () => undefined,
  send: async () => never(),
}

function start(more: Partial<CallStart> = {}): CallStart {
  return {
    service: 'stripe',
    method: 'POST',
    url: 'https://api.stripe.com/v1/charges?api_key=sk_1',
    requestHeaders: ['Authorization', 'Bearer abc', ...JSON_HEADERS],
    ...more,
  }
}

it('a call that succeeds is one record, redacted, with both bodies', async () => {
  const { log, records } = await buildLog({ log: { services } })
  const call = log.calls.begin(
    start({
      reference: { type: 'Order', id: '42' },
      description: 'Charge',
      requestId: 'r-1',
      retryOf: 'a0',
    }),
  )
  call?.sent([
    Buffer.from('AUTHORIZATION'),
    Buffer.from('Bearer abc'),
    ...JSON_HEADERS,
    'traceparent',
    '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  ])
  call?.responded(201, [...JSON_HEADERS, 'set-cookie', 'a=b', 'set-cookie', 'c=d'])
  call?.end({
    requestBody: captured('{"shoeSize":"43","amount":5}'),
    responseBody: captured('{"id":"ch_1","client_secret":"x"}'),
  })
  const record = only(await records())
  expect(record).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    createdAt: expect.stringMatching(/Z$/),
    modifiedAt: expect.stringMatching(/Z$/),
    service: 'stripe',
    isRemoteRequest: true,
    description: 'Charge',
    requestId: 'r-1',
    key: null,
    remoteId: null,
    owner: null,
    route: null,
    status: 'Completed',
    method: 'POST',
    url: 'https://api.stripe.com/v1/charges?api_key=[redacted]',
    requestHeaders: {
      authorization: '[redacted]',
      'content-type': 'application/json',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
    data: { shoeSize: '[redacted]', amount: 5 },
    responseHeaders: {
      'content-type': 'application/json',
      'set-cookie': ['[redacted]', '[redacted]'],
    },
    output: { id: 'ch_1', client_secret: '[redacted]' },
    error: null,
    statusCode: 201,
    durationMs: expect.any(Number),
    reference: { type: 'Order', id: '42' },
    truncated: false,
    retryOf: 'a0',
    traceId: '0af7651916cd43dd8448eb211c80319c',
  })
})

it('a record is written with its search keys and with what may be shed of it', async () => {
  const { log, app, records } = await buildLog({ log: { services } })
  const call = log.calls.begin(start({ reference: { type: 'Order', id: '42' }, requestId: 'r-1' }))
  call?.responded(402, [])
  call?.end({})
  await records()
  const { items } = await app.scsStore.find('integration_requests', {
    reference: { type: 'Order', id: '42' },
    statusCode: 402,
    text: 'v1/CHARGES',
  })
  expect(only(items).keys).toEqual({
    service: 'stripe',
    status: 'Failed',
    statusCode: 402,
    requestId: 'r-1',
    referenceType: 'Order',
    referenceId: '42',
    durationMs: expect.any(Number),
    summary: 'POST https://api.stripe.com/v1/charges?api_key=[redacted] -> 402',
  })
})

it('an answer that is not a 2xx is an error, with its body', async () => {
  const { log, records } = await buildLog({ log: { services } })
  const call = log.calls.begin(start())
  call?.responded(402, JSON_HEADERS)
  call?.end({ responseBody: captured('{"code":"card_declined"}') })
  expect(only(await records())).toMatchObject({
    status: 'Failed',
    output: null,
    error: { code: 'card_declined' },
  })
})

it('a call without an answer has the error and its causes, redacted', async () => {
  const { log, records } = await buildLog({ log: { services } })
  const cause = Object.assign(new Error('connect to https://u:pw@x.y failed'), {
    code: 'ECONNRESET',
  })
  const call = log.calls.begin(start())
  call?.end({ error: new TypeError('fetch failed', { cause }) })
  call?.end({})
  call?.responded(200, [])
  expect(only(await records())).toMatchObject({
    status: 'Failed',
    statusCode: null,
    error: {
      name: 'TypeError',
      message: 'fetch failed',
      cause: { code: 'ECONNRESET', message: 'connect to https://[redacted]@x.y failed' },
    },
  })
})

it('a response that breaks off is recorded as an error, with the part that arrived', async () => {
  const { log, records } = await buildLog({ log: { services } })
  const call = log.calls.begin(start())
  call?.responded(200, JSON_HEADERS)
  const body = { ...captured('{"a":1,"password":"hunt'), isWhole: false }
  call?.end({ responseBody: body, error: new Error('terminated') })
  expect(only(await records())).toMatchObject({
    status: 'Failed',
    truncated: true,
    output: null,
    error: { message: 'terminated', body: { a: 1 } },
  })
})

it("bodies are kept as the service's options say, and never for calls that are only observed", async () => {
  const { log, app, records } = await buildLog({
    log: { services: { failing: { bodies: 'failed' }, silent: { bodies: 'never' } } },
  })
  const end = { requestBody: captured('sent'), responseBody: captured('got') }
  for (const service of ['failing', 'silent', undefined]) {
    for (const statusCode of [200, 500]) {
      const { service: _, ...bare } = start({ requestHeaders: [] })
      const call = log.calls.begin({ ...bare, ...(service === undefined ? {} : { service }) })
      call?.responded(statusCode, [])
      call?.end(end)
    }
  }
  const kept = (await records()).map(({ data, output, error }) => [data, output, error])
  const none = [null, null, null]
  expect(kept).toEqual([none, ['sent', null, 'got'], none, none, none, none])
  const { items } = await app.scsStore.find('integration_requests', { service: 'api.stripe.com' })
  expect(items.map(({ keys }) => keys.status)).toEqual(['Failed', 'Completed'])
})

it('compressed bodies are recorded without their compression', async () => {
  const { log, records } = await buildLog({ log: { services } })
  const call = log.calls.begin(start())
  call?.sent([...JSON_HEADERS, 'content-encoding', 'deflate'])
  call?.responded(200, [...JSON_HEADERS, 'Content-Encoding', 'gzip'])
  call?.end({
    requestBody: captured(zlib.deflateSync('{"token":"t"}')),
    responseBody: captured(zlib.gzipSync('{"a":1}')),
  })
  expect(only(await records())).toMatchObject({
    data: { token: '[redacted]' },
    output: { a: 1 },
    truncated: false,
  })
})

it('a slow call is recorded once as Queued, and again when it ends', async () => {
  const { log, app, records } = await buildLog({ log: { services } })
  const call = log.calls.begin(start())
  log.calls.recordLongerThan(60_000)
  expect(await records()).toEqual([])
  log.calls.recordLongerThan(0)
  log.calls.recordLongerThan(0)
  const queued = only(await records())
  expect(queued).toMatchObject({ status: 'Queued', durationMs: null, statusCode: null })
  call?.responded(200, [])
  call?.end({})
  const ended = only(await records())
  expect(ended).toMatchObject({ id: queued.id, createdAt: queued.createdAt, status: 'Completed' })
  expect((await app.scsStore.get('integration_requests', ended.id))?.revision).toBe(1)
  expect(log.ofApp(CALLER).stats()).toMatchObject({
    recorded: 1,
    openCalls: 0,
  })
})

it('a call under way when the service stops is recorded as such', async () => {
  const { log, records } = await buildLog({ log: { services } })
  log.calls.begin(start())
  await log.close()
  expect(only(await records())).toMatchObject({
    status: 'Queued',
    error: { message: 'the service stopped before the answer ended' },
  })
})

it('calls of reporters and stores are skipped and counted', async () => {
  const { log, records } = await buildLog({ log: { services } })
  expect(runAsOwnCall(() => log.calls.begin(start()))).toBeUndefined()
  expect(await records()).toEqual([])
})

it('a call within a request carries its id, user, route and trace; one of another app does not', async () => {
  const { log, app, records } = await buildLog({ log: { services }, core: { user: () => 7 } })
  const other = await buildLog({ log: { services } })
  keepRequestContext(app)
  app.get('/orders/:id', async () => {
    await new Promise((resolve) => setImmediate(resolve))
    for (const each of [log, other.log]) {
      const call = each.calls.begin(start())
      call?.responded(200, [])
      call?.end({})
    }
    return currentRequest()?.id
  })
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00'
  await app.inject({ url: '/orders/5', headers: { traceparent } })
  expect(only(await records())).toMatchObject({
    requestId: 'req-1',
    owner: '7',
    route: '/orders/:id',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  })
  expect(only(await other.records())).toMatchObject({ requestId: null, owner: null, route: null })
})

it('with correlate: false a call has a request only if it is given one', async () => {
  const { log, app, records } = await buildLog({ log: { services, correlate: false } })
  keepRequestContext(app)
  app.get('/', async (request) => {
    log.calls.begin(start())?.end({})
    log.calls.begin(start({ request }))?.end({})
  })
  await app.inject('/')
  expect((await records()).map(({ requestId }) => requestId)).toEqual([null, 'req-1'])
})

it('reports list the calls of a request, open ones too, and only a total beyond 50', async () => {
  const { log, app } = await buildLog({ log: { services } })
  const { provideRequestFacts } = await import('../../src/calls/call-facts.js')
  provideRequestFacts(app)
  let facts: unknown[] = []
  app.get('/', async (request) => {
    expect(app.scs.requestFacts.of(request)).toEqual({})
    const call = log.calls.begin(start({ request }))
    call?.responded(200, [])
    call?.end({})
    for (let n = 1; n < 60; n++) log.calls.begin(start({ request }))
    facts = app.scs.requestFacts.of(request).outbound_calls as unknown[]
  })
  await app.inject('/')
  expect(facts).toHaveLength(51)
  expect(facts[0]).toEqual({
    id: expect.any(String),
    service: 'stripe',
    method: 'POST',
    url: 'https://api.stripe.com/v1/charges?api_key=[redacted]',
    status: 'Completed',
    statusCode: 200,
    durationMs: expect.any(Number),
    createdAt: expect.stringMatching(/Z$/),
  })
  expect(facts[1]).toMatchObject({ status: 'Queued', statusCode: null })
  expect(facts[50]).toMatchObject({ more: 10, createdAt: expect.any(String) })
})

it('when too much waits, bodies are dropped and counted, and the calls still recorded', async () => {
  const big = { big: { maxBodyBytes: 1_048_576 } }
  const { log, records } = await buildLog({ log: { services: big } })
  const body = captured(Buffer.alloc(1_048_576, 'x'), 1_048_576)
  for (let n = 0; n < 40; n++) {
    const call = log.calls.begin(start({ service: 'big' }))
    call?.responded(200, ['content-type', 'image/png'])
    call?.end({ responseBody: body })
  }
  const outputs = (await records()).map(({ output }) => output)
  expect(outputs).toHaveLength(40)
  expect(outputs.filter((output) => output === null)).toHaveLength(8)
  expect(log.ofApp(CALLER).stats()).toMatchObject({
    recorded: 40,
    bodiesDropped: 8,
  })
})

it('a compressed body counts with the size that it may decompress to', async () => {
  const { log, records } = await buildLog({
    log: { services: { big: { maxBodyBytes: 1_048_576 } } },
  })
  const body = captured(zlib.gzipSync('text'))
  for (let n = 0; n < 40; n++) {
    const call = log.calls.begin(start({ service: 'big' }))
    call?.responded(200, ['content-type', 'text/plain', 'content-encoding', 'gzip'])
    call?.end({ responseBody: body })
  }
  const outputs = (await records()).map(({ output }) => output)
  expect(outputs.filter((output) => output === 'text')).toHaveLength(31)
  expect(outputs.filter((output) => output === null)).toHaveLength(9)
})

it('a successful call that is only observed has low importance, any other normal; large bodies may be shed', async () => {
  const { log, app } = await buildLog({ log: { services }, store: false })
  const written: StoreRecord[] = []
  app.decorate('scsStore', { write: (record: StoreRecord) => written.push(record) } as never)
  const { service: _, ...observed } = start()
  for (const [given, statusCode] of [
    [observed, 200],
    [observed, 500],
    [start(), 200],
  ] as const) {
    const call = log.calls.begin(given)
    call?.responded(statusCode, [])
    call?.end({})
  }
  await log.settled()
  expect(written.map(({ importance }) => importance)).toEqual(['low', 'normal', 'normal'])
  expect(written[0]?.sheddable).toEqual([
    'data',
    'output',
    'error',
    'requestHeaders',
    'responseHeaders',
  ])
})

function never(): never {
  throw new Error('not called')
}
