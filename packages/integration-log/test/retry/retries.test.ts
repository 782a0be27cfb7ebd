import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { IntegrationHandle, IntegrationRecord, ServiceOptions } from '../../src/index.js'
import { buildApp, only, type TestApp } from '../build-app.js'
import { listen } from '../upstream/listen.js'

/** What the server was sent. */
interface Sent {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const JSON_TYPE = { 'content-type': 'application/json' }
let server: Server
let origin: string
let sent: Sent[] = []
/** The status codes of the next answers; 200 when there are no more. */
let answers: number[] = []
/** Nothing is answered before. */
let held: Promise<void> | undefined

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method, url, headers } = request
    await held
    sent.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
    response.writeHead(answers.shift() ?? 200, JSON_TYPE).end(`{"n":${sent.length}}`)
  })
  origin = await listen(server)
})
afterAll(() => void server.close())
beforeEach(() => {
  sent = []
  answers = []
  held = undefined
})

async function build(service: ServiceOptions = { retry: true }): Promise<TestApp> {
  return await buildApp({ log: { services: { payments: { origin, ...service } } } })
}

/** A handle on the record of a call that has failed. */
async function failed(test: TestApp, path: string, init?: RequestInit): Promise<IntegrationHandle> {
  answers.push(500)
  await (await test.app.integrations.service('payments').fetch(path, init)).text()
  const record = (await test.records()).at(-1)
  const handle = await test.app.integrations.resume(record?.id ?? '')
  if (handle === undefined) throw new Error('no record')
  return handle
}

/** Why a record is not sent again. */
async function refusal(handle: IntegrationHandle): Promise<string> {
  const before = sent.length
  const error: unknown = await handle.retry().catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'SCS_INTEGRATION_ERR_RETRY' })
  expect(sent).toHaveLength(before)
  return (error as Error).message
}

describe('a failed call is sent again', () => {
  it('with its method, URL, headers and body, and is linked to its first attempt', async () => {
    const test = await build()
    const handle = await failed(test, '/charges?a=b%20c', {
      method: 'PUT',
      body: '{ "amount": 500, "name": "é" }',
      headers: { ...JSON_TYPE, 'Idempotency-Key': 'order-42', 'x-note': 'n' },
    })
    const { response, handle: next } = await handle.retry()
    expect(await response.json()).toEqual({ n: 2 })
    const [first, second] = sent
    expect(second).toMatchObject({ method: 'PUT', url: '/charges?a=b%20c' })
    expect(second?.headers).toMatchObject({
      ...JSON_TYPE,
      'idempotency-key': 'order-42',
      'x-note': 'n',
      'user-agent': first?.headers['user-agent'],
    })
    // The same JSON value, not the same bytes.
    expect(second?.body).toBe('{"amount":500,"name":"é"}')
    const records = await test.records()
    expect(records).toMatchObject([{ status: 'Failed' }, { status: 'Completed' }])
    expect(records[1]).toMatchObject({ id: next.id, retryOf: handle.id, output: { n: 2 } })
    await test.app.close()
  })

  it.each([
    ['a form', new URLSearchParams({ amount: '5', to: 'a b' }), 'amount=5&to=a+b'],
    ['a text', 'plain text', 'plain text'],
    ['JSON that is called text', '{"a": [1]}', '{"a":[1]}'],
    ['no body', undefined, ''],
  ])('%s', async (_, body, expected) => {
    const test = await build()
    const handle = await failed(test, '/a', { method: 'POST', ...(body && { body }) })
    await (await handle.retry()).response.text()
    expect(sent[1]?.body).toBe(expected)
    expect(sent[1]?.headers['content-type']).toBe(sent[0]?.headers['content-type'])
    await test.app.close()
  })

  it('also when it could not be made at all, with its form', async () => {
    const test = await build()
    const dead = createServer()
    const deadOrigin = await listen(dead)
    dead.close()
    const services = { payments: { origin: deadOrigin, retry: true } }
    const other = await buildApp({ log: { services } })
    const body = new URLSearchParams({ amount: '5' })
    const call = other.app.integrations.service('payments').fetch('/a', { method: 'POST', body })
    await expect(call).rejects.toThrow('fetch failed')
    const handle = await other.app.integrations.resume(only(await other.records()).id)
    await expect(handle?.retry()).rejects.toThrow('fetch failed')
    const records = await other.records()
    expect(records).toMatchObject([{ data: 'amount=5' }, { data: 'amount=5', retryOf: handle?.id }])
    await other.app.close()
    await test.app.close()
  })

  it('also when it was written as Queued before it failed', async () => {
    const services = { payments: { origin, retry: true } }
    const test = await buildApp({ log: { services, queuedAfterMs: 10 } })
    answers.push(500)
    let goOn = (): void => undefined
    held = new Promise((resolve) => {
      goOn = resolve
    })
    const call = test.app.integrations.service('payments').fetch('/a')
    await expect.poll(async () => (await test.records())[0]?.status).toBe('Queued')
    goOn()
    await (await call).text()
    const handle = await test.app.integrations.resume(only(await test.records()).id)
    const { response } = (await handle?.retry()) ?? {}
    expect(response?.status).toBe(200)
    await response?.text()
    await test.app.close()
  })

  it('also by another process, which knows only the record', async () => {
    const test = await build()
    const handle = await failed(test, '/a', { method: 'POST', body: '{"a":1}' })
    const { record } = handle
    const other = await build()
    other.app.scsStore.write(
      (await test.app.scsStore.get('integration_requests', record.id)) as never,
    )
    const resumed = await other.app.integrations.resume(record.id)
    await (await resumed?.retry())?.response.text()
    expect(sent[1]?.body).toBe('{"a":1}')
    await other.app.close()
    await test.app.close()
  })

  it('redacted headers come from the service’s retry.headers, anew', async () => {
    const seen: unknown[] = []
    const test = await build({
      retry: {
        headers: async ({ method, url, body, record }) => {
          seen.push({ method, url, body, id: record.id })
          return { authorization: 'Bearer new' }
        },
      },
    })
    const headers = { ...JSON_TYPE, authorization: 'Bearer old' }
    const handle = await failed(test, '/a', { method: 'POST', body: '{"a":1}', headers })
    await (await handle.retry()).response.text()
    expect(sent.map((each) => each.headers.authorization)).toEqual(['Bearer old', 'Bearer new'])
    expect(seen).toEqual([{ method: 'POST', url: `${origin}/a`, body: '{"a":1}', id: handle.id }])
    await test.app.close()
  })
})

describe('a call is not sent again', () => {
  it('when its service lacks the option retry', async () => {
    const test = await build({})
    expect(await refusal(await failed(test, '/a'))).toContain('payments has no option "retry"')
    await test.app.close()
  })

  it.each<[string, RequestInit & { path?: string }, string]>([
    ['a redacted header', { headers: { authorization: 'Bearer x' } }, 'header authorization'],
    ['a redacted query', { path: '/a?token=x' }, 'lacks url'],
    ['a redacted body', { method: 'POST', body: '{"password":"x"}' }, 'lacks body'],
    ['a redacted form', { method: 'POST', body: new URLSearchParams({ pin: '1' }) }, 'lacks body'],
    ['binary data', { method: 'POST', body: Buffer.from([1, 0, 2]) }, 'lacks body'],
    ['a multipart form', { method: 'POST', body: new FormData() }, 'lacks body'],
    ['numbers that JavaScript changes', { method: 'POST', body: '{"n":9007199254740993}' }, 'body'],
    ['a body that was cut', { method: 'POST', body: 'x '.repeat(100) }, 'lacks body'],
  ])('of which %s is not kept as it was sent', async (_, { path = '/a', ...init }, missing) => {
    const test = await build({ retry: true, maxBodyBytes: 100 })
    expect(await refusal(await failed(test, path, init))).toContain(missing)
    await test.app.close()
  })

  it('when its service never keeps bodies, unless it had none', async () => {
    const test = await build({ retry: true, bodies: 'never' })
    const handle = await failed(test, '/a', { method: 'POST', body: 'x' })
    expect(await refusal(handle)).toContain('lacks body')
    await (await (await failed(test, '/a')).retry()).response.text()
    await test.app.close()
  })

  it('when it has not failed, was inbound, or was only logged', async () => {
    const test = await build()
    const { integrations } = test.app
    await (await integrations.service('payments').fetch('/a')).text()
    const handle = await integrations.resume(only(await test.records()).id)
    expect(await refusal(handle as IntegrationHandle)).toContain('its status is Completed')
    const fields = {
      service: 'payments',
      status: 'Failed',
      url: `${origin}/a`,
      method: 'GET',
    } as const
    expect(await refusal(integrations.log({ ...fields, isRemoteRequest: false }))).toContain(
      'came in',
    )
    expect(await refusal(integrations.log(fields))).toContain('not seen')
    expect(await refusal(integrations.log({ ...fields, service: 'x' }))).toContain('not declared')
    await test.app.close()
  })

  it('when the application has changed its data since', async () => {
    const test = await build()
    const handle = await failed(test, '/a', { method: 'POST', body: '{"a":1}' })
    handle.update({ order: '42' })
    expect(await refusal(handle)).toContain('body, which was changed')
    await test.app.close()
  })

  it('when retry.headers leaves out a redacted header', async () => {
    const test = await build({ retry: { headers: () => ({ 'x-other': 'a' }) } })
    const handle = await failed(test, '/a', { headers: { authorization: 'Bearer x' } })
    expect(await refusal(handle)).toContain('header authorization')
    await test.app.close()
  })

  it('when retry.headers throws; that error is the cause', async () => {
    const cause = new Error('no token today')
    const headers = async (): Promise<never> => await Promise.reject(cause)
    const test = await build({ retry: { headers } })
    const handle = await failed(test, '/a')
    await expect(handle.retry()).rejects.toMatchObject({ code: 'SCS_INTEGRATION_ERR_RETRY', cause })
    expect(await test.app.integrations.retryAll()).toMatchObject({
      retried: 0,
      skipped: [{ id: handle.id }],
    })
    await test.app.close()
  })

  it('twice at once, or again after a retry succeeded', async () => {
    const test = await build()
    const handle = await failed(test, '/a')
    const first = handle.retry()
    await expect(handle.retry()).rejects.toThrow('is being sent again')
    await (await first).response.text()
    await test.records()
    expect(await refusal(handle)).toContain('was sent again with success')
    await test.app.close()
  })
})

it('a body that had no content type gets none when it is sent again', async () => {
  const test = await build()
  const { fetch } = test.app.integrations.service('payments')
  answers = [500]
  const response = await fetch('/a', { method: 'POST', body: Buffer.from('{"a":1}') })
  await response.text()
  await test.records()
  sent = []
  await (await test.app.integrations.of(response)?.retry())?.response.text()
  expect(only(sent)).toMatchObject({ body: '{"a":1}' })
  expect(only(sent).headers).not.toHaveProperty('content-type')
  await test.app.close()
})

describe('many are sent again', () => {
  it('a failed one does not stop the rest', async () => {
    const test = await build()
    for (const path of ['/1', '/2', '/3', '/4', '/5']) await failed(test, path)
    await failed(test, '/6?token=x')
    sent = []
    answers = [200, 500, 200]
    const steps: unknown[] = []
    const report = await test.app.integrations.retryAll(
      { service: 'payments' },
      { concurrency: 2, onProgress: (progress) => void steps.push({ ...progress }) },
    )
    expect(report).toMatchObject({ retried: 5, succeeded: 4, failed: 1 })
    expect(only(report.skipped).reason).toContain('lacks url')
    expect(steps).toHaveLength(6)
    expect(steps.at(-1)).toEqual({ retried: 5, succeeded: 4, failed: 1, skipped: 1 })
    expect(sent.map(({ url }) => url).sort()).toEqual(['/1', '/2', '/3', '/4', '/5'])
    await test.app.close()
  })

  it('the next run sends only those that have not succeeded since, once each', async () => {
    const test = await build()
    for (const path of ['/1', '/2']) await failed(test, path)
    answers = [500]
    const first = await test.app.integrations.retryAll({}, { concurrency: 1 })
    expect(first).toMatchObject({ retried: 2, succeeded: 1, failed: 1, skipped: [] })
    await test.records()
    sent = []
    const second = await test.app.integrations.retryAll()
    expect(second).toMatchObject({ retried: 1, succeeded: 1, failed: 0 })
    expect(sent).toHaveLength(1)
    const third = await test.app.integrations.retryAll()
    expect(third).toMatchObject({ retried: 0, succeeded: 0, failed: 0 })
    expect(sent).toHaveLength(1)
    await test.app.close()
  })

  it('an answer that isFailure calls a failure has failed again', async () => {
    let isBroken = true
    const test = await build({ retry: true, isFailure: () => isBroken })
    await failed(test, '/1')
    const report = await test.app.integrations.retryAll()
    expect(report).toMatchObject({ retried: 1, succeeded: 0, failed: 1 })
    isBroken = false
    const again = await test.app.integrations.retryAll()
    expect(again).toMatchObject({ retried: 1, succeeded: 1 })
    await test.app.close()
  })

  it('over many pages, and no more once the signal is aborted', async () => {
    const test = await build()
    const { fetch } = test.app.integrations.service('payments')
    answers = Array(60).fill(500)
    for (let at = 0; at < 60; at++) await (await fetch(`/${at}`)).text()
    sent = []
    const controller = new AbortController()
    const report = await test.app.integrations.retryAll(
      {},
      {
        concurrency: 1,
        signal: controller.signal,
        onProgress: ({ retried }) => {
          if (retried === 55) controller.abort()
        },
      },
    )
    expect(report).toMatchObject({ retried: 55, succeeded: 55 })
    expect(sent.map(({ url }) => url)).toEqual(Array.from({ length: 55 }, (_, at) => `/${59 - at}`))
    await test.app.close()
  })

  it('a progress callback may throw or reject', async () => {
    const test = await build()
    for (const path of ['/1', '/2']) await failed(test, path)
    const { retryAll } = test.app.integrations
    const fail = () => {
      throw new Error('not now')
    }
    answers = [200, 500]
    expect(await retryAll({}, { concurrency: 1, onProgress: fail })).toMatchObject({ retried: 2 })
    // A rejection that nobody handles would end the process, and fails this run.
    const later = async () => fail()
    expect(await retryAll({}, { onProgress: later })).toMatchObject({ retried: 1 })
    expect(test.lines.filter(({ level }) => level === 50)).toMatchObject([
      { msg: 'onProgress of retryAll failed; the calls are sent again' },
    ])
    await test.app.close()
  })

  it('wrong arguments are refused', async () => {
    const test = await build()
    const { retryAll } = test.app.integrations
    await expect(retryAll({}, { concurrency: 0 })).rejects.toMatchObject({
      code: 'SCS_INTEGRATION_ERR_FIELD',
    })
    await failed(test, '/1')
    sent = []
    const wrong: readonly (readonly [filter: unknown, options: unknown])[] = [
      [null, {}],
      ['payments', {}],
      // Each of these would send more again than was asked for.
      [{ status: 'Completed' }, {}],
      [{ statusNot: 'Failed' }, {}],
      [{ direction: 'in' }, {}],
      [{ limit: 1 }, {}],
      [{ cursor: 'x' }, {}],
      [{}, null],
      [{}, { concurency: 1 }],
      [{}, { onProgress: 5 }],
      [{}, { signal: 'x' }],
    ]
    for (const [filter, options] of wrong)
      await expect(retryAll(filter as never, options as never)).rejects.toMatchObject({
        code: 'SCS_INTEGRATION_ERR_FIELD',
      })
    await expect(retryAll({}, { concurency: 1 } as never)).rejects.toThrow('"concurrency"')
    expect(sent).toEqual([])
    const bare = await buildApp({ store: false })
    await expect(bare.app.integrations.retryAll()).rejects.toMatchObject({
      code: 'SCS_INTEGRATION_ERR_NO_STORE',
    })
    await bare.app.close()
    await test.app.close()
  })
})

it('a record of a service without retry has no retry fields', async () => {
  const test = await build({})
  const { record } = await failed(test, '/a')
  expect(Object.keys(record as IntegrationRecord)).not.toContain('resend')
  await test.app.close()
})
