import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IntegrationRecord, ServiceOptions } from '../../src/index.js'
import { buildApp, only, type TestApp } from '../build-app.js'
import { startUpstream, type Upstream } from '../upstream/upstream.js'

let upstream: Upstream

beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())

const isDeclined: NonNullable<ServiceOptions['isFailure']> = (_response, body: { ok?: boolean }) =>
  body.ok === false

async function buildWith(
  service: ServiceOptions,
  more: Parameters<typeof buildApp>[0] = {},
): Promise<TestApp> {
  const services = { payments: { origin: upstream.origin, ...service } }
  return await buildApp({ ...more, log: { services, ...more.log } })
}

async function fetchText(app: FastifyInstance, path: string, init?: RequestInit): Promise<string> {
  return (await app.integrations.service('payments').fetch(path, init)).text()
}

/** The record of one call of a service with such options. */
async function recordOf(
  service: ServiceOptions,
  path: string,
  init?: RequestInit,
): Promise<IntegrationRecord> {
  const { app, records } = await buildWith(service)
  await fetchText(app, path, init).catch(() => undefined)
  const record = only(await records())
  await app.close()
  return record
}

describe('an answer whose body reports a failure', () => {
  it('is Completed without isFailure', async () => {
    expect(await recordOf({}, '/declined')).toMatchObject({ status: 'Completed', error: null })
  })

  it('is Failed where isFailure says so, its body the error', async () => {
    expect(await recordOf({ isFailure: isDeclined }, '/declined')).toMatchObject({
      status: 'Failed',
      statusCode: 200,
      output: null,
      error: { ok: false, reason: 'expired_card', session_id: '[redacted]' },
    })
    expect(await recordOf({ isFailure: isDeclined }, '/json')).toMatchObject({
      status: 'Completed',
      output: { a: 1 },
      error: null,
    })
  })

  it('a text from isFailure is the message of the error, redacted, with the body beside it', async () => {
    const isFailure: ServiceOptions['isFailure'] = (_response, body: { session_id: string }) =>
      `declined; token=${body.session_id}`
    expect((await recordOf({ isFailure }, '/declined')).error).toEqual({
      message: 'declined; token=[redacted]',
      body: { ok: false, reason: 'expired_card', session_id: '[redacted]' },
    })
  })

  it('isFailure sees the answer as it came: its real values, and the head', async () => {
    const seen: unknown[] = []
    const isFailure: ServiceOptions['isFailure'] = ({ status, headers, url, method }, body) => {
      seen.push({ status, id: headers.get('X-Request-Id'), url, method, body })
      return false
    }
    await recordOf({ isFailure }, '/declined?token=t', { method: 'POST', body: 'x' })
    expect(seen).toEqual([
      {
        status: 200,
        id: 'req_1',
        url: `${upstream.origin}/declined?token=t`,
        method: 'POST',
        body: { ok: false, reason: 'expired_card', session_id: 's-1' },
      },
    ])
  })

  it('a compressed answer is looked at once it is decompressed', async () => {
    expect(await recordOf({ isFailure: isDeclined }, '/declined-packed')).toMatchObject({
      status: 'Failed',
      error: { reason: 'expired_card' },
    })
  })

  it("also with durability: 'process', compressed or not", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outcomes-'))
    const { app, records } = await buildWith(
      { isFailure: isDeclined },
      { store: `sqlite:${join(folder, 'scs.db')}`, storeOptions: { durability: 'process' } },
    )
    await fetchText(app, '/declined')
    await fetchText(app, '/declined-packed')
    const record = { status: 'Failed', error: { reason: 'expired_card' }, output: null }
    expect(await records()).toMatchObject([record, record])
    await app.close()
    rmSync(folder, { recursive: true })
  })

  it('false does not make a failed answer a success', async () => {
    const isFailure = (): boolean => false
    expect(await recordOf({ isFailure }, '/error')).toMatchObject({
      status: 'Failed',
      error: 'it broke',
    })
    const why = (): string => 'out of order'
    expect(await recordOf({ isFailure: why }, '/error')).toMatchObject({
      error: { message: 'out of order', body: 'it broke' },
    })
  })

  it("with bodies: 'failed' both bodies are there if it failed, and none if not", async () => {
    const service: ServiceOptions = { bodies: 'failed', isFailure: isDeclined }
    const sent = {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    }
    expect(await recordOf(service, '/declined', sent)).toMatchObject({
      status: 'Failed',
      data: { a: 1 },
      error: { reason: 'expired_card' },
    })
    expect(await recordOf(service, '/json', sent)).toMatchObject({
      status: 'Completed',
      data: null,
      output: null,
    })
  })

  it("with bodies: 'never' isFailure gets no body, and its text is the whole error", async () => {
    const isFailure: ServiceOptions['isFailure'] = (_response, body) => `saw ${typeof body}`
    expect(await recordOf({ bodies: 'never', isFailure }, '/declined')).toMatchObject({
      status: 'Failed',
      error: { message: 'saw undefined' },
    })
  })

  it('isFailure gets no body that is binary or was cut', async () => {
    const isFailure: ServiceOptions['isFailure'] = (_response, body) => body !== undefined
    expect((await recordOf({ isFailure, maxBodyBytes: 10 }, '/declined')).status).toBe('Completed')
    expect((await recordOf({ isFailure, maxBodyBytes: 10 }, '/huge')).status).toBe('Completed')
  })

  it('an isFailure that throws or returns a promise counts as false, is counted, and logged once a second', async () => {
    const results = [
      (): boolean => {
        throw new Error('token=abc')
      },
      async (): Promise<boolean> => await Promise.reject(new Error('late')),
      (): boolean => 1 as unknown as boolean,
    ]
    let next = 0
    const isFailure = (() => results[next++]?.()) as () => boolean
    const { app, lines, records } = await buildWith({ isFailure })
    for (const _ of results) await fetchText(app, '/declined')
    expect((await records()).map(({ status }) => status)).toEqual(Array(3).fill('Completed'))
    expect(app.integrations.stats()).toMatchObject({ outcomeFailures: 3, describeFailures: 0 })
    const told = lines.filter(({ msg }) => msg?.includes('isFailure') === true)
    expect(told).toHaveLength(1)
    expect(JSON.stringify(told)).not.toContain('abc')
    await app.close()
  })

  it('isFailure also applies to calls by the dispatcher, observed and captured calls', async () => {
    const { app, records } = await buildWith(
      { isFailure: (_response, body) => body === undefined || isDeclined(_response, body) },
      { log: { observe: true, captureGlobal: true } },
    )
    const { dispatcher } = app.integrations.service('payments')
    await (await request(`${upstream.origin}/declined`, { dispatcher })).body.text()
    await (await fetch(`${upstream.origin}/declined`)).text()
    await (await request(`${upstream.origin}/declined`)).body.text()
    expect((await records()).map(({ status }) => status)).toEqual(Array(3).fill('Failed'))
    await app.close()
  })
})

describe('an answer that is neither a 2xx nor a failure', () => {
  it('each exchange of a redirect that is followed is Completed', async () => {
    const { app, records } = await buildWith({})
    await fetchText(app, '/moved')
    expect(await records()).toMatchObject([
      { status: 'Completed', statusCode: 301, output: 'go there', error: null },
      { status: 'Completed', statusCode: 200 },
    ])
    await app.close()
  })

  it('a redirect that is not followed and a 304 are Completed', async () => {
    const manual = await recordOf({}, '/see-other', { redirect: 'manual' })
    expect(manual).toMatchObject({ status: 'Completed', statusCode: 303 })
    const cached = await recordOf({}, '/not-modified')
    expect(cached).toMatchObject({ status: 'Completed', statusCode: 304, error: null })
  })

  it("with bodies: 'failed' their bodies are not kept", async () => {
    expect(
      await recordOf({ bodies: 'failed' }, '/see-other', { redirect: 'manual' }),
    ).toMatchObject({ status: 'Completed', output: null })
  })
})

describe('the ids of a record', () => {
  it("the other side's id of the call, by the header that the service names", async () => {
    const record = await recordOf({ requestIdHeader: 'X-Request-Id' }, '/declined')
    expect(record.remoteId).toBe('req_1')
    expect((await recordOf({}, '/declined')).remoteId).toBeNull()
  })

  it('the id is redacted and bounded as other text', async () => {
    expect(
      (await recordOf({ requestIdHeader: 'x-id' }, '/say?x-id=sk_live_4eC39HqLyjWDarjtT1zdp7dc'))
        .remoteId,
    ).toBe('[redacted]')
    const long = await recordOf({ requestIdHeader: 'x-id' }, `/say?x-id=${'a-'.repeat(300)}`)
    expect(long.remoteId).toHaveLength(200)
  })

  it('the store finds it by that id', async () => {
    const { app, records } = await buildWith({ requestIdHeader: 'x-request-id' })
    await fetchText(app, '/declined')
    await records()
    const { items } = await app.scsStore.find('integration_requests', { remoteId: 'req_1' })
    expect(only(items).keys.remoteId).toBe('req_1')
    await app.close()
  })

  it("the caller's own key", async () => {
    const { app, records } = await buildWith({})
    const payments = app.integrations.service('payments')
    await (await payments.fetch('/json', { key: 'order-42' })).text()
    expect(only(await records()).key).toBe('order-42')
    await app.close()
  })
})

describe('the reference of a call', () => {
  it('may have a number as its id, and null counts as not given', async () => {
    const given = { reference: { type: 'Order', id: 42 }, description: null, requestId: null }
    expect(await recordOf({}, '/json', given as never)).toMatchObject({
      reference: { type: 'Order', id: '42' },
      description: null,
    })
    expect(await recordOf({}, '/json', { reference: null } as never)).toMatchObject({
      status: 'Completed',
      reference: null,
    })
  })

  it('is left out where it is wrong, which is counted and logged, and the call is made', async () => {
    const { app, records, lines } = await buildWith({})
    const failing = {
      type: 'Order',
      get id(): string {
        throw new Error('not now')
      },
    }
    const wrong = [5, {}, { type: 'Order' }, { type: 7, id: '1' }, failing]
    for (const reference of wrong)
      await fetchText(app, '/json', { reference, description: 'good' } as never)
    await fetchText(app, '/json', { description: 5, requestId: {}, retryOf: 7 } as never)
    expect((await records()).map(({ reference, description }) => [reference, description])).toEqual(
      [...wrong.map(() => [null, 'good']), [null, null]],
    )
    expect(app.integrations.stats().describeFailures).toBe(wrong.length + 3)
    expect(lines.filter(({ level }) => level === 50)).toMatchObject([
      { msg: 'an outbound call is recorded without a field that is wrong' },
    ])
    await app.close()
  })
})

describe('keys that a service keeps', () => {
  it('their values stay in the body, the query, the form and the header of that name, and no others', async () => {
    const record = await recordOf({ keep: ['session_id'] }, '/declined?session_id=q&token=t', {
      method: 'POST',
      body: new URLSearchParams({ session_id: 'f', password: 'p' }),
      headers: { session_id: 'h', authorization: 'Bearer x' },
    })
    expect(record).toMatchObject({
      url: `${upstream.origin}/declined?session_id=q&token=[redacted]`,
      data: 'session_id=f&password=[redacted]',
      output: { session_id: 's-1' },
      requestHeaders: { session_id: 'h', authorization: '[redacted]' },
    })
  })

  it('the same keys of another service are redacted', async () => {
    const services = { payments: { origin: upstream.origin, keep: ['session_id'] }, other: {} }
    const { app, records } = await buildApp({ log: { services } })
    app.integrations.log({ service: 'other', data: { session_id: 'a' } })
    app.integrations.log({ service: 'payments', data: { session_id: 'a' } })
    expect((await records()).map(({ data }) => data)).toEqual([
      { session_id: '[redacted]' },
      { session_id: 'a' },
    ])
    await app.close()
  })
})

describe('options of a service', () => {
  it.each([
    [{ isFailure: true }, /services\.payments\.isFailure: expected a function/],
    [{ requestIdHeader: '' }, /services\.payments\.requestIdHeader: expected a non-empty string/],
    [{ keep: 'a' }, /services\.payments\.keep: expected a list/],
    [{ isFailre: () => true }, /no such option.*isFailure/],
  ])('%s is refused at registration', async (service, message) => {
    await expect(buildWith(service as ServiceOptions)).rejects.toThrow(message)
  })

  it('a service that is not declared is refused with the nearest name', async () => {
    const { app } = await buildWith({})
    const service = app.integrations.service as (name: string) => unknown
    expect(() => service('paymnts')).toThrow(
      'The service paymnts is not declared; declared: payments; did you mean "payments"?',
    )
    expect(() => service('xyz')).toThrow(/declared: payments$/)
    await app.close()
  })
})
