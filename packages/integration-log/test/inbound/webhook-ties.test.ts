import { expect, it } from 'vitest'
import { buildApp, only } from '../build-app.js'

interface Body {
  readonly order: string
  readonly id: string
}

it("the route option sets a webhook's reference, description and key, by values or functions", async () => {
  const { app, records } = await buildApp()
  const seen: unknown[] = []
  app.post<{ Body: Body }>(
    '/hook',
    {
      integration: {
        service: 'mpesa',
        description: 'Callback',
        reference: (request) => ({ type: 'Order', id: (request.body as Body).order }),
        key: ({ body }) => (body as Body).id,
      },
    },
    (request) => {
      seen.push(request.integration.record.reference)
      return 'ok'
    },
  )
  app.post('/fixed', {
    integration: {
      service: 'b',
      reference: { type: 'Shop', id: '1' },
      description: () => 'x token=t',
    },
    handler: () => 'ok',
  })
  await app.inject({ method: 'POST', url: '/hook', payload: { order: '42', id: 'ws_1' } })
  await app.inject({ method: 'POST', url: '/fixed' })
  expect(seen).toEqual([{ type: 'Order', id: '42' }])
  expect(await records()).toMatchObject([
    {
      service: 'mpesa',
      status: 'Completed',
      description: 'Callback',
      reference: { type: 'Order', id: '42' },
      key: 'ws_1',
    },
    { service: 'b', reference: { type: 'Shop', id: '1' }, description: 'x token=[redacted]' },
  ])
  expect(await app.integrations.get({ service: 'mpesa', key: 'ws_1' })).toMatchObject({
    key: 'ws_1',
  })
})

it('a function that throws or returns something else is logged and counted, and the request goes on', async () => {
  const { app, records, lines } = await buildApp()
  app.post('/hook', {
    integration: {
      service: 'a',
      description: () => 7 as never,
      reference: async () => {
        throw new Error('later')
      },
      key: () => {
        throw new Error('no id, password=x')
      },
    } as never,
    handler: () => ({ ok: 1 }),
  })
  const { statusCode } = await app.inject({ method: 'POST', url: '/hook', payload: { n: 1 } })
  expect(statusCode).toBe(200)
  expect(only(await records())).toMatchObject({
    status: 'Completed',
    data: { n: 1 },
    description: null,
    reference: null,
    key: null,
  })
  expect(app.integrations.stats().describeFailures).toBe(3)
  const told = lines.filter(({ level }) => level === 50)
  expect(told).toMatchObject([{ msg: 'a webhook is not tied to what it belongs to' }])
  expect(JSON.stringify(told)).not.toContain('password=x')
})

it.each([[async () => 'k'], [() => 7], [() => ({})]])(
  'a key that is no text is told as one that cannot be had: %s',
  async (key) => {
    const { app, records } = await buildApp()
    app.post('/hook', { integration: { service: 'a', key: key as never } }, () => 'ok')
    expect((await app.inject({ method: 'POST', url: '/hook' })).statusCode).toBe(200)
    expect(only(await records())).toMatchObject({ key: null, status: 'Completed' })
    expect(app.integrations.stats()).toMatchObject({ describeFailures: 1, keysRefused: 0 })
  },
)

it('a repeated webhook is recorded without its key, counted and logged', async () => {
  const { app, records, lines } = await buildApp()
  app.post('/hook', { integration: { service: 'a', key: () => 'evt_1' } }, () => 'ok')
  for (const n of [1, 2]) {
    const { statusCode } = await app.inject({ method: 'POST', url: '/hook', payload: { n } })
    expect(statusCode).toBe(200)
  }
  expect((await records()).map(({ key, data }) => [key, data])).toEqual([
    ['evt_1', { n: 1 }],
    [null, { n: 2 }],
  ])
  expect(app.integrations.stats().keysRefused).toBe(1)
  expect(lines).toContainEqual(
    expect.objectContaining({ msg: 'an integration record is kept without its key' }),
  )
})

it('undefined sets nothing, and what a hook set before the body was read stays', async () => {
  const { app, records } = await buildApp()
  app.post('/hook', {
    integration: {
      service: 'a',
      reference: () => undefined,
      key: () => undefined,
      description: 'd',
    },
    onRequest: (request, _reply, done) => {
      if (request.headers['x-own'] !== undefined)
        request.integration.refer({ type: 'Own', id: '1', key: 'own', description: 'mine' })
      done()
    },
    handler: () => 'ok',
  })
  await app.inject({ method: 'POST', url: '/hook' })
  await app.inject({ method: 'POST', url: '/hook', headers: { 'x-own': '1' } })
  expect(await records()).toMatchObject([
    { reference: null, key: null, description: 'd' },
    { reference: { type: 'Own', id: '1' }, key: 'own', description: 'mine', status: 'Completed' },
  ])
})

it("the handler sets the reference by refer, or by Frappe's names", async () => {
  const { app, records } = await buildApp()
  app.post('/refer', { integration: { service: 'a' } }, (request) => {
    request.integration.refer({ type: 'Order', id: '42', key: 'k', description: 'Paid' })
    return 'ok'
  })
  app.post('/update', { integration: { service: 'a' } }, (request) => {
    request.integration.update({ reference_doctype: 'Order', reference_docname: 43 })
    return 'ok'
  })
  await app.inject({ method: 'POST', url: '/refer', payload: { n: 1 } })
  await app.inject({ method: 'POST', url: '/update', payload: { n: 2 } })
  expect(await records()).toMatchObject([
    { reference: { type: 'Order', id: '42' }, key: 'k', description: 'Paid', data: { n: 1 } },
    { reference: { type: 'Order', id: '43' }, data: { n: 2, reference_docname: 43 } },
  ])
})

it('a webhook handled as in the demo refers to its order', async () => {
  const { app, records } = await buildApp()
  app.post<{ Body: { order: string } }>(
    '/webhooks/payments',
    { integration: { service: 'payments', description: 'Payment Notification' } },
    async (request, reply) => {
      request.integration.update({
        reference_doctype: 'Order',
        reference_docname: request.body.order,
      })
      return reply.code(202).send({ received: true })
    },
  )
  await app.inject({ method: 'POST', url: '/webhooks/payments', payload: { order: '42' } })
  expect(only(await records())).toMatchObject({
    status: 'Completed',
    reference: { type: 'Order', id: '42' },
  })
})

it.each([
  [{ service: 'a', key: '' }, 'another key'],
  [{ service: 'a', reference: { type: 'Order' } }, 'another reference'],
  [{ service: 'a', description: 7 }, 'another description'],
  [{ service: 'a', refrence: {} }, 'other fields; did you mean "reference"?'],
])('a wrong route option is refused when the route is added: %j', async (wrong, found) => {
  const { app } = await buildApp()
  expect(() => app.post('/hook', { integration: wrong as never }, () => 'ok')).toThrow(found)
})
