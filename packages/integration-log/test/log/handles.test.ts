import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { buildApp, only } from '../build-app.js'

it('a record goes from Queued to Completed, each step stored', async () => {
  const { app, records } = await buildApp()
  const handle = app.integrations.log({
    service: 'paypal',
    url: 'https://api.paypal.com/pay?token=t',
    method: 'post',
    requestHeaders: new Headers({ authorization: 'Basic x', accept: '*/*' }),
    data: { amount: 5, card_number: '4242' },
    description: 'Payment',
    reference: { type: 'Order', id: '42' },
  })
  expect(only(await records())).toEqual({ ...handle.record, modifiedAt: expect.any(String) })
  expect(handle.record).toMatchObject({
    status: 'Queued',
    method: 'POST',
    url: 'https://api.paypal.com/pay?token=[redacted]',
    requestHeaders: { authorization: '[redacted]', accept: '*/*' },
    data: { amount: 5, card_number: '[redacted]' },
    isRemoteRequest: true,
  })
  handle.authorize()
  expect(only(await records()).status).toBe('Authorized')
  handle.update({ token: 'tok', payer: 'ann' }, 'Queued')
  expect(only(await records())).toMatchObject({
    status: 'Queued',
    data: { amount: 5, payer: 'ann', token: '[redacted]' },
  })
  handle.complete({ id: 1, secret: 's' })
  expect(only(await records())).toMatchObject({
    status: 'Completed',
    output: { id: 1, secret: '[redacted]' },
  })
})

it('any status may follow any other, and nothing recorded is lost', async () => {
  const { app } = await buildApp()
  const handle = app.integrations.log({ service: 'a', status: 'Completed', output: 'ok' })
  handle.fail(new Error('chargeback: password=x'))
  expect(handle.record).toMatchObject({
    status: 'Failed',
    output: 'ok',
    error: { name: 'Error', message: 'chargeback: password=[redacted]' },
  })
  handle.cancel()
  expect(handle.record).toMatchObject({ status: 'Cancelled', output: 'ok', error: {} })
})

it('data that is not an object is kept under the key `data` when fields are merged into it', async () => {
  const { app } = await buildApp()
  const handle = app.integrations.log({ service: 'a', data: 'plain text' })
  handle.update({ n: 1 })
  expect(handle.record).toMatchObject({ status: 'Queued', data: { data: 'plain text', n: 1 } })
  const list = app.integrations.log({ service: 'a', data: [1, 2] })
  list.update({ n: 1 })
  expect(list.record.data).toEqual({ data: [1, 2], n: 1 })
})

it('data is recorded as it was when it was handed over', async () => {
  const { app } = await buildApp()
  const data = { n: 1 }
  const handle = app.integrations.log({ service: 'a', data })
  data.n = 2
  expect(handle.record.data).toEqual({ n: 1 })
})

it('JSON text is recorded as the value it holds, and the reference is read from it', async () => {
  const { app } = await buildApp()
  const data = { reference_doctype: 'Sales Order', reference_docname: 7, password: 'x' }
  for (const given of [data, JSON.stringify(data)]) {
    const { record } = app.integrations.log({ service: 'a', data: given })
    expect(record).toMatchObject({
      reference: { type: 'Sales Order', id: '7' },
      data: { password: '[redacted]' },
    })
  }
  const reference = { type: 'Order', id: '1' }
  expect(app.integrations.log({ service: 'a', data, reference }).record.reference).toEqual(
    reference,
  )
})

it('a value that is too big is cut, and the record says so', async () => {
  const { app } = await buildApp({ log: { maxBodyBytes: 100 } })
  const text = app.integrations.log({ service: 'a', data: 'x'.repeat(200) }).record
  expect(text.truncated).toBe(true)
  expect(String(text.data).length).toBeLessThan(150)
  const { url } = app.integrations.log({
    service: 'a',
    url: `https://a.b/?q=${'x'.repeat(20_000)}`,
  }).record
  expect(url).toMatch(/^https:\/\/a\.b\/\?q=x+\[truncated: \d+ bytes\]$/)
  expect(url?.length).toBeLessThan(8_300)
  const tree = app.integrations.log({
    service: 'a',
    output: Array.from({ length: 50 }, (_, n) => ({ n: `${n}` })),
  }).record
  expect(tree.truncated).toBe(true)
  expect(JSON.stringify(tree.output).length).toBeLessThan(1_000)
})

it('a record made within a request has its id and user, also when made through the app', async () => {
  const { app, records } = await buildApp({ core: { user: () => 'ann' } })
  app.get('/orders/:id', async (request) => {
    app.integrations.log({ service: 'a' })
    request.integrations.log({ service: 'b' })
    request.integrations.log({ service: 'c', requestId: 'own' })
  })
  await app.inject('/orders/1')
  const caller = { owner: 'ann', route: '/orders/:id' }
  expect(await records()).toMatchObject([
    { ...caller, service: 'a', requestId: 'req-1' },
    { ...caller, service: 'b', requestId: 'req-1' },
    { ...caller, service: 'c', requestId: 'own' },
  ])
})

it('an id from the application is accepted if it is a UUID, else refused at once', async () => {
  const { app, records } = await buildApp()
  const id = randomUUID().toUpperCase()
  expect(app.integrations.log({ service: 'a', id }).id).toBe(id.toLowerCase())
  expect(only(await records()).id).toBe(id.toLowerCase())
  expect(() => app.integrations.log({ service: 'a', id: 'INT-0001' })).toThrow(
    expect.objectContaining({ code: 'SCS_INTEGRATION_ERR_ID' }),
  )
})

it.each([
  [{}, 'service'],
  [{ service: 'a', status: 'Done' }, 'status'],
  [{ service: 'a', statusCode: '200' }, 'statusCode'],
  [{ service: 'a', reference: { type: 'Order' } }, 'reference'],
  [{ service: 'a', url: new URL('https://x.y') }, 'url'],
  [{ service: 'a', isRemoteRequest: 1 }, 'isRemoteRequest'],
  [{ service: 'a', durationMs: Number.NaN }, 'durationMs'],
])('a wrong field is refused at once: %j', async (fields, name) => {
  const { app } = await buildApp()
  expect(() => app.integrations.log(fields as never)).toThrow(
    expect.objectContaining({
      code: 'SCS_INTEGRATION_ERR_FIELD',
      message: expect.stringContaining(`Field ${name}:`),
    }),
  )
})

it('a wrong update is refused, and changes nothing', async () => {
  const { app } = await buildApp()
  const handle = app.integrations.log({ service: 'a', data: { n: 1 } })
  for (const wrong of [null, [1], 'x'] as unknown as object[])
    expect(() => handle.update(wrong as never)).toThrow(/Field params/)
  expect(() => handle.update({ n: 2 }, 'Done' as never)).toThrow(/Field status/)
  expect(handle.record.data).toEqual({ n: 1 })
})

it('a record is resumed by its id, as when a webhook completes what another request began', async () => {
  const { app, records } = await buildApp()
  const { id } = app.integrations.log({ service: 'a', data: { n: 1 } })
  await records()
  const handle = await app.integrations.resume(id)
  handle?.update({ m: 2 }, 'Completed')
  expect(only(await records())).toMatchObject({ id, status: 'Completed', data: { n: 1, m: 2 } })
  expect(await app.integrations.resume(randomUUID())).toBeUndefined()
})

it("a service's own keys are redacted in its records only", async () => {
  const { app } = await buildApp({
    log: { services: { bank: { redact: { keys: ['shoeSize'] } } } },
  })
  const data = { shoeSize: '43', password: 'p' }
  expect(app.integrations.log({ service: 'bank', data }).record.data).toEqual({
    shoeSize: '[redacted]',
    password: '[redacted]',
  })
  expect(app.integrations.log({ service: 'other', data }).record.data).toEqual({
    shoeSize: '43',
    password: '[redacted]',
  })
})

it('each function of a handle works when it is passed on alone', async () => {
  const { app, records } = await buildApp()
  const { log } = app.integrations
  const { authorize, complete, fail, cancel, update } = log({ service: 'a' })
  const statuses: string[] = []
  const steps = [
    authorize,
    () => fail('no'),
    cancel,
    () => update({ n: 1 }, 'Queued'),
    () => complete('ok'),
  ]
  for (const step of steps) {
    step()
    statuses.push(only(await records()).status)
  }
  expect(statuses).toEqual(['Authorized', 'Failed', 'Cancelled', 'Queued', 'Completed'])
  expect(only(await records())).toMatchObject({ data: { n: 1 }, output: 'ok', error: 'no' })
})

it('each function of app.integrations and request.integrations works when it is passed on alone', async () => {
  const upstream = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  const { app, records } = await buildApp({ log: { services: { s: { origin } } } })
  app.get('/', async (request) => {
    const { service, log } = request.integrations
    const { fetch } = service('s')
    log({ service: 'b' }).complete()
    return await (await fetch('/x')).text()
  })
  const { statusCode, body } = await app.inject('/')
  expect([statusCode, body]).toEqual([200, 'ok'])
  const recorded = await records()
  expect(recorded.map(({ service }) => service).sort()).toEqual(['b', 's'])
  const { find, get, resume, logResponse, stats, settled } = app.integrations
  await settled()
  logResponse(new Response(null), { service: 'c' })
  expect(stats().recorded).toBe(3)
  const { id } = recorded[0] ?? {}
  expect((await find({ service: 's' })).items).toHaveLength(1)
  expect((await get(String(id)))?.id).toBe(id)
  expect((await resume(String(id)))?.id).toBe(id)
  await app.close()
  upstream.closeAllConnections()
  upstream.close()
})

it('an unreadable value is recorded as a marker, and a status code that no store can keep is refused', async () => {
  const { app, records } = await buildApp()
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  app.integrations.log({ service: 'a', data: proxy }).complete(proxy)
  expect(only(await records())).toMatchObject({ data: '[unreadable]', output: '[unreadable]' })
  for (const statusCode of [2 ** 31, 1e99])
    expect(() => app.integrations.log({ service: 'a', statusCode })).toThrow(
      expect.objectContaining({ code: 'SCS_INTEGRATION_ERR_FIELD' }),
    )
})

it.each([
  ['a text that was cut', { a: 'x'.repeat(70_000) }],
  ['two texts', { a: 'x'.repeat(40_000), b: 'y'.repeat(25_000) }],
  ['many values', { list: Array.from({ length: 20_000 }, (_, at) => at) }],
  ['many keys', Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`k${at}`, at]))],
  ['a text of its own', 'z'.repeat(70_000)],
])('what update sets is kept, however full the data is: %s', async (_, data) => {
  const { app, records } = await buildApp()
  const handle = app.integrations.log({ service: 'a', data })
  handle.update({ receipt: 'R1', note: 'n'.repeat(1_000) })
  handle.update({ receipt: 'R2' }, 'Completed')
  expect(handle.record.data).toMatchObject({ receipt: 'R2', note: 'n'.repeat(1_000) })
  expect(only(await records())).toMatchObject({
    status: 'Completed',
    truncated: true,
    data: { receipt: 'R2', note: 'n'.repeat(1_000) },
  })
})
