import { expect, it } from 'vitest'
import { buildApp, only } from '../build-app.js'

it.each([
  [{ refernce: { type: 'a', id: '1' } }, 'refernce', 'reference'],
  [{ ouput: 1 }, 'ouput', 'output'],
  [{ errors: 1 }, 'errors', 'error'],
  [{ statuscode: 200 }, 'statuscode', 'statusCode'],
  [{ referenceDoctype: 'Order' }, 'referenceDoctype', 'reference_doctype'],
  [{ request_desciption: 'x' }, 'request_desciption', 'request_description'],
  [{ is_remote: 1 }, 'is_remote', 'isRemoteRequest'],
  [{ integration_typ: 'Remote' }, 'integration_typ', 'integration_type'],
])('a field that nobody knows is refused with the nearest: %j', async (wrong, name, nearest) => {
  const { app } = await buildApp()
  const refused = expect.objectContaining({
    code: 'SCS_INTEGRATION_ERR_FIELD',
    message: expect.stringMatching(`^Field ${name}: .* did you mean "${nearest}"\\?$`),
  })
  expect(() => app.integrations.log({ service: 'a', ...wrong } as never)).toThrow(refused)
  expect(() => app.integrations.logResponse(new Response(null), wrong as never)).toThrow(refused)
})

it('an unknown field is refused with the list of known ones, without showing its value', async () => {
  const { app } = await buildApp()
  expect(() => app.integrations.log({ service: 'a', hunter2: 'correct horse' } as never)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(
        /no such field, got one of type string; known are service, url/,
      ),
    }),
  )
  expect(() => app.integrations.log(null as never)).toThrow(/Field fields: expected an object/)
  expect(() => app.integrations.logResponse(new Response(null), null as never)).toThrow(
    /Field fields/,
  )
})

it('a field that is undefined counts as not given', async () => {
  const { app } = await buildApp()
  const { record } = app.integrations.log({ service: 'a', foo: undefined, key: undefined } as never)
  expect(record).toMatchObject({ service: 'a', key: null })
})

it('create_request_log, translated word for word', async () => {
  const { app, records } = await buildApp()
  app.integrations.log({
    data: { item: 'book' },
    service_name: 'some_service',
    name: 'PAY-0001',
    output: { id: 7 },
    error: null,
    request_headers: { authorization: 'Bearer x', accept: '*/*' },
    url: 'https://a.example/orders',
    is_remote_request: 1,
    reference_doctype: 'Sales Order',
    reference_docname: 'SO-0001',
    request_description: 'Order',
    request_id: 'r-1',
    status_code: 200,
    status: 'Completed',
  })
  app.integrations.log({
    integration_request_service: 'other',
    integration_type: 'Subscription Notification',
    data: '{"reference_doctype":"Order","reference_docname":42}',
    reference_doctype: null,
    reference_docname: null,
  })
  app.integrations.log({ service: 'remote', integration_type: 'Remote', is_remote_request: 0 })
  expect(await records()).toMatchObject([
    {
      service: 'some_service',
      key: 'PAY-0001',
      data: { item: 'book' },
      output: { id: 7 },
      error: null,
      requestHeaders: { authorization: '[redacted]', accept: '*/*' },
      isRemoteRequest: true,
      reference: { type: 'Sales Order', id: 'SO-0001' },
      description: 'Order',
      requestId: 'r-1',
      statusCode: 200,
    },
    {
      service: 'other',
      isRemoteRequest: false,
      description: 'Subscription Notification',
      reference: { type: 'Order', id: '42' },
    },
    { service: 'remote', isRemoteRequest: false },
  ])
  expect(await app.integrations.get({ service: 'some_service', key: 'PAY-0001' })).toMatchObject({
    status: 'Completed',
  })
})

it("null, and an empty text under one of Frappe's names, count as not given", async () => {
  const { app } = await buildApp()
  const { log } = app.integrations
  const { id: _, createdAt, modifiedAt, ...bare } = log({ service: 'a' }).record
  const nothing = {
    ...{ url: null, method: null, status: null, data: null, output: null, error: null, name: null },
    ...{ request_description: '', request_id: '', request_headers: '', integration_type: '' },
    ...{ reference_doctype: '', reference_docname: '', is_remote_request: null, status_code: null },
  }
  expect(log({ ...nothing, service_name: 'a' } as never).record).toMatchObject(bare)
  const data = { reference_doctype: '', reference_docname: '' }
  const handle = log({ service: 'a', data })
  handle.update(data)
  expect(handle.record.reference).toBe(null)
})

it('headers may be JSON text, as Frappe keeps them; any other text is refused, and not shown', async () => {
  const { app } = await buildApp()
  const { log } = app.integrations
  const { record } = log({ service_name: 'a', request_headers: '{"accept":"*/*"}' } as never)
  expect(record.requestHeaders).toEqual({ accept: '*/*' })
  const wrong = [{ request_headers: 'x: s3cret' }, { requestHeaders: '{}' }, { responseHeaders: 7 }]
  for (const headers of wrong) {
    const call = () => log({ service: 'a', ...headers } as never)
    expect(call).toThrow(expect.objectContaining({ code: 'SCS_INTEGRATION_ERR_FIELD' }))
    expect(call).not.toThrow('s3cret')
  }
})

it('our name wins where both are given', async () => {
  const { app } = await buildApp()
  const { record } = app.integrations.log({
    service: 'a',
    service_name: 'b',
    statusCode: 201,
    status_code: 500,
  })
  expect(record).toMatchObject({ service: 'a', statusCode: 201 })
})

it.each([
  [{ is_remote_request: 2 }, 'is_remote_request'],
  [{ integration_type: 'Local' }, 'integration_type'],
  [{ reference_doctype: 'Order' }, 'reference_docname'],
  [{ reference_docname: '42' }, 'reference_doctype'],
  [{ status_code: '200' }, 'statusCode'],
  [{ name: '' }, 'key'],
  [{ reference: null }, 'reference'],
])("a wrong value under Frappe's names is refused: %j", async (wrong, name) => {
  const { app } = await buildApp()
  expect(() => app.integrations.log({ service: 'a', ...wrong } as never)).toThrow(
    expect.objectContaining({
      code: 'SCS_INTEGRATION_ERR_FIELD',
      message: expect.stringContaining(`Field ${name}: expected`),
    }),
  )
})

it('update sets the reference and the description by their names, and keeps the rest as data', async () => {
  const { app, records } = await buildApp()
  const handle = app.integrations.log({ service: 'a', data: { n: 1 } })
  handle.update({ reference_doctype: 'Order', reference_docname: 42, request_description: 'Paid' })
  expect(only(await records())).toMatchObject({
    reference: { type: 'Order', id: '42' },
    description: 'Paid',
    data: { n: 1, reference_doctype: 'Order', reference_docname: 42 },
  })
  handle.update({ reference: { type: 'Order', id: '43' } }, 'Authorized')
  expect(handle.record).toMatchObject({
    reference: { type: 'Order', id: '43' },
    status: 'Authorized',
  })
  expect(handle.record.data).not.toHaveProperty('reference')
})

it('update takes what came from outside as data, whatever its keys are called', async () => {
  const { app } = await buildApp()
  const handle = app.integrations.log({ service: 'a' })
  const body = {
    reference: 'INV-1',
    references: [1],
    Reference: 'R',
    preference: 1,
    error: 'declined',
    errors: [],
    eror: 1,
    Error: 2,
    output: 'x',
    outputs: 1,
    request_description: { text: 1 },
    reference_doctype: 'Order',
    status: 'PAID',
  }
  handle.update(body)
  expect(handle.record).toMatchObject({
    data: body,
    reference: null,
    description: null,
    output: null,
    error: null,
    status: 'Queued',
  })
  handle.update({ reference: { type: 'a', id: '1', more: 2 } })
  expect(handle.record).toMatchObject({ data: { reference: { more: 2 } }, reference: null })
})

it('update takes an object of any class, and one whose getters throw', async () => {
  const { app } = await buildApp()
  const handle = app.integrations.log({ service: 'a' })
  class Paid {
    readonly n = 1
    get reference(): never {
      throw new Error('mine')
    }
  }
  handle.update(new Paid() as never)
  expect(handle.record).toMatchObject({ data: { n: 1 }, reference: null })
  handle.update({ at: new Date(0), request_description: 'd' })
  expect(handle.record).toMatchObject({
    data: { at: '1970-01-01T00:00:00.000Z' },
    description: 'd',
  })
  const own = Object.defineProperty({ reference: { type: 'a', id: '1' } }, 'bad', {
    enumerable: true,
    get: () => {
      throw new Error('mine')
    },
  })
  handle.update(own)
  expect(handle.record.reference).toEqual({ type: 'a', id: '1' })
})

it.each([
  ['refernce', 'reference'],
  ['reference_doctyp', 'reference_doctype'],
  ['request_descripton', 'request_description'],
  ['ouput', 'complete()'],
  ['outptu', 'complete()'],
  ['erorr', 'fail()'],
])('update refuses a misspelling of one of its names: %s', async (name, instead) => {
  const { app } = await buildApp()
  const handle = app.integrations.log({ service: 'a', data: { n: 1 } })
  expect(() => handle.update({ n: 2, [name]: 'x' })).toThrow(
    expect.objectContaining({
      code: 'SCS_INTEGRATION_ERR_FIELD',
      message: expect.stringContaining(instead),
    }),
  )
  expect(handle.record.data).toEqual({ n: 1 })
})
