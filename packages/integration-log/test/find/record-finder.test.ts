import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { buildApp } from '../build-app.js'

it('records are found by service, status, reference, request, time, text and code, a page at a time', async () => {
  const { app, records } = await buildApp()
  const reference = { type: 'Order', id: 'token=1' }
  app.integrations.log({ service: 'a', statusCode: 200, status: 'Completed', reference })
  app.integrations.log({ service: 'a', statusCode: 503, status: 'Failed', requestId: 'r' })
  app.integrations.log({ service: 'b', url: 'https://b.example/Charges' })
  await records()
  const find = async (filter: Parameters<typeof app.integrations.find>[0]): Promise<string[]> => {
    const { items } = await app.integrations.find(filter)
    return items.map(({ service, status }) => `${service} ${status}`)
  }
  expect(await find({ service: 'a' })).toEqual(['a Failed', 'a Completed'])
  expect(await find({ status: 'Queued' })).toEqual(['b Queued'])
  expect(await find({ reference })).toEqual(['a Completed'])
  expect(await find({ requestId: 'r' })).toEqual(['a Failed'])
  expect(await find({ statusCode: { from: 500 } })).toEqual(['a Failed'])
  expect(await find({ text: 'charges' })).toEqual(['b Queued'])
  expect(await find({ from: Date.now() + 1_000 })).toEqual([])
  expect(await find({ to: new Date(0) })).toEqual([])
  const first = await app.integrations.find({ limit: 2 })
  expect(first.items).toHaveLength(2)
  expect(await find({ limit: 2, cursor: first.nextCursor ?? '' })).toEqual(['a Completed'])
  await expect(app.integrations.find({ limit: 0 })).rejects.toMatchObject({
    code: 'SCS_STORE_ERR_FILTER',
  })
})

it('records are found by several statuses, none of some, method, direction, user, URL, key and remote id', async () => {
  const { app, records } = await buildApp({ core: { user: () => 'token=ann' } })
  app.post('/hook', { integration: { service: 'in' } }, () => 'ok')
  const url = 'https://b.example/v1/pay?token=t'
  app.integrations.log({ service: 'a', status: 'Completed', method: 'post', url, key: 'k-1' })
  app.integrations.log({ service: 'b', status: 'Failed', method: 'GET', remoteId: 'amz-1' })
  app.integrations.log({ service: 'c', url: 'https://c.example/' })
  await app.inject({ method: 'POST', url: '/hook' })
  await records()
  const find = async (filter: Parameters<typeof app.integrations.find>[0]): Promise<string> => {
    const { items } = await app.integrations.find(filter)
    return items
      .map(({ service }) => service)
      .sort()
      .join(' ')
  }
  expect(await find({ status: ['Completed', 'Failed'] })).toBe('a b in')
  expect(await find({ statusNot: 'Completed' })).toBe('b c')
  expect(await find({ statusNot: ['Completed', 'Queued'] })).toBe('b')
  expect(await find({ method: 'Post' })).toBe('a in')
  expect(await find({ direction: 'in' })).toBe('in')
  expect(await find({ direction: 'out' })).toBe('a b c')
  expect(await find({ owner: 'token=ann' })).toBe('in')
  expect(await find({ owner: 'bob' })).toBe('')
  expect(await find({ urlPrefix: 'https://b.example/v1/pay?token=t' })).toBe('a')
  expect(await find({ urlPrefix: 'https://b.example/v' })).toBe('a')
  expect(await find({ key: 'k-1' })).toBe('a')
  expect(await find({ service: 'b', key: 'k-1' })).toBe('')
  expect(await find({ remoteId: 'amz-1' })).toBe('b')
  await expect(find({ statsu: 'Failed' } as never)).rejects.toMatchObject({
    code: 'SCS_STORE_ERR_FILTER',
  })
})

it('the id of a reference may be a number, to log and to find', async () => {
  const { app } = await buildApp()
  app.integrations.log({ service: 'a', reference: { type: 'Order', id: 42 } as never })
  const page = await app.integrations.find({ reference: { type: 'Order', id: 42 } as never })
  expect(page.items).toMatchObject([{ reference: { type: 'Order', id: '42' } }])
})

it('a record is got by its id, in whatever case', async () => {
  const { app, records } = await buildApp()
  const { id } = app.integrations.log({ service: 'a', data: { n: 1 } })
  const [stored] = await records()
  expect(await app.integrations.get(id.toUpperCase())).toEqual(stored)
  expect(stored).toMatchObject({ data: { n: 1 } })
  expect(await app.integrations.get(randomUUID())).toBeUndefined()
})

it('old records are removed', async () => {
  const { app, records } = await buildApp()
  app.integrations.log({ service: 'a' })
  await records()
  expect(await app.integrations.prune({ olderThanDays: 1 })).toBe(0)
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(await app.integrations.prune({ olderThanDays: 0 })).toBe(1)
  expect(await records()).toEqual([])
})

it('without a store records go to the application log, with one warning, and cannot be found', async () => {
  const { app, lines } = await buildApp({ store: false })
  await app.ready()
  app.integrations.log({ service: 'a', url: 'https://a.b/?token=t', method: 'GET' })
  app.integrations.log({ service: 'a', status: 'Failed', statusCode: 500, data: { pin: 1 } })
  expect(lines).toMatchObject([
    { level: 30, msg: 'no store is registered: integration records go to the application log' },
    {
      level: 30,
      msg: 'GET https://a.b/?token=[redacted] -> Queued',
      integrationRequest: { service: 'a' },
    },
    { level: 40, msg: 'a -> 500', integrationRequest: { data: { pin: '[redacted]' } } },
  ])
  const noStore = { code: 'SCS_INTEGRATION_ERR_NO_STORE' }
  await expect(app.integrations.find()).rejects.toMatchObject(noStore)
  await expect(app.integrations.get(randomUUID())).rejects.toMatchObject(noStore)
  await expect(app.integrations.resume(randomUUID())).rejects.toMatchObject(noStore)
  await expect(app.integrations.prune({ olderThanDays: 1 })).rejects.toMatchObject(noStore)
})

it('a store that throws is logged and counted, and the host goes on', async () => {
  const { app, lines } = await buildApp({ store: false })
  app.decorate('scsStore', {
    write() {
      throw new Error('disk full, password=x')
    },
  } as never)
  expect(app.integrations.log({ service: 'a' }).record.service).toBe('a')
  expect(app.integrations.stats()).toMatchObject({ recorded: 1, writeFailures: 1 })
  expect(lines).toMatchObject([{ level: 50, err: { message: 'disk full, password=[redacted]' } }])
})

it('a store of another kind whose write fails later is logged and counted, and the process goes on', async () => {
  const { app, lines } = await buildApp()
  app.scsStore.write = (async () => {
    throw new Error('later')
  }) as never
  app.integrations.log({ service: 'a' })
  await new Promise((resolve) => setImmediate(resolve))
  expect(app.integrations.stats().writeFailures).toBe(1)
  expect(lines.filter(({ level }) => level === 50)).toMatchObject([
    { msg: 'an integration record could not be written', err: { message: 'later' } },
  ])
})

it('a reader waits at most a second for records not written yet, and is told how many are missing', async () => {
  let end: () => void = () => undefined
  const upstream = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).write('half')
    end = () => response.end(' and half')
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  const { port } = upstream.address() as AddressInfo
  const { app, records } = await buildApp()
  const { integrations } = app
  const { id } = integrations.log({ service: 'other' })
  const handle = integrations.logResponse(await fetch(`http://127.0.0.1:${port}`), {
    service: 'slow',
    key: 'k',
  })
  const order: string[] = []
  const noting = async <T>(name: string, reading: Promise<T>): Promise<T> => {
    const read = await reading
    order.push(name)
    return read
  }
  const [page, record, resumed, other] = await Promise.all([
    noting('page', integrations.find()),
    noting('record', integrations.get(handle.id)),
    noting('resumed', integrations.resume({ service: 'slow', key: 'k' })),
    noting('other', integrations.get(id)),
  ])
  expect(order[0]).toBe('other')
  expect(page).toMatchObject({ items: [{ service: 'other' }], waiting: 1 })
  expect(record).toMatchObject({ service: 'slow', status: 'Completed', output: null })
  expect(other).toMatchObject({ service: 'other' })
  resumed?.authorize()
  end()
  expect((await records()).find(({ service }) => service === 'slow')).toMatchObject({
    id: handle.id,
    status: 'Authorized',
    output: 'half and half',
  })
  expect(await integrations.find()).not.toHaveProperty('waiting')
  upstream.closeAllConnections()
  upstream.close()
})

it('a webhook under way is found by its id and its key before it is written', async () => {
  const { app, records } = await buildApp()
  const seen: unknown[] = []
  app.post('/hook', { integration: { service: 'a', key: () => 'k' } }, async ({ integration }) => {
    seen.push(await app.integrations.get(integration.id))
    const handle = await app.integrations.resume({ service: 'a', key: 'k' })
    handle?.refer({ type: 'Order', id: '1' })
    return 'ok'
  })
  await app.inject({ method: 'POST', url: '/hook', payload: { n: 1 } })
  expect(seen).toMatchObject([{ status: 'Queued', data: { n: 1 } }])
  expect(await records()).toMatchObject([
    { status: 'Completed', reference: { type: 'Order', id: '1' }, data: { n: 1 }, output: 'ok' },
  ])
})

it('a record of an earlier version, which has neither key nor remote id, is read as one without', async () => {
  const { app } = await buildApp()
  const { record } = app.integrations.log({ service: 'a' })
  const { key: _key, remoteId: _remoteId, ...old } = { ...record, id: randomUUID() }
  app.scsStore.write({
    kind: 'integration_requests',
    id: old.id,
    createdAt: Date.now(),
    revision: 0,
    keys: { service: 'a', status: 'Queued' },
    data: old as never,
    importance: 'normal',
  })
  expect(await app.integrations.get(old.id)).toEqual({ ...old, key: null, remoteId: null })
  const handle = await app.integrations.resume(old.id)
  handle?.refer({ type: 'Order', id: '1', key: 'k' })
  expect(await app.integrations.get({ service: 'a', key: 'k' })).toMatchObject({ id: old.id })
})

it('a webhook that is written while the store is being asked is found, too', async () => {
  const { app, records } = await buildApp()
  let answer: () => void = () => undefined
  const answered = new Promise<string>((resolve) => {
    answer = () => resolve('ok')
  })
  let id = ''
  app.post('/hook', { integration: { service: 'a' } }, ({ integration }) => {
    id = integration.id
    return answered
  })
  const injected = app.inject({ method: 'POST', url: '/hook' })
  while (id === '') await new Promise((resolve) => setImmediate(resolve))
  const { get } = app.scsStore
  app.scsStore.get = async (kind, name) => {
    // What it finds, it has found before the webhook ends.
    const found = await get(kind, name)
    answer()
    await injected
    await records()
    return found
  }
  const [record, handle] = [await app.integrations.get(id), await app.integrations.resume(id)]
  expect([record?.id, handle?.id]).toEqual([id, id])
})
