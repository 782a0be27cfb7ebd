import { MockAgent, request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IntegrationService } from '../../src/service/service.js'
import { declareService } from '../upstream/declare-service.js'
import { startUpstream, type Upstream } from '../upstream/upstream.js'

let upstream: Upstream

beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())

describe('where a call leads', () => {
  it.each(['/json', 'json', './a/../json', new URL('http://set.below/json')])(
    'to the service’s origin: %s',
    async (input) => {
      const { service, recorded } = declareService({ origin: upstream.origin })
      const target = input instanceof URL ? new URL('/json', upstream.origin) : input
      expect(await (await service.fetch(target)).json()).toEqual({ a: 1 })
      expect((await recorded.one()).start.url).toBe(`${upstream.origin}/json`)
    },
  )

  it.each([
    'https://elsewhere.example/x',
    '//elsewhere.example/x',
    '/\\elsewhere.example/x',
    '\\\\elsewhere.example/x',
    ' //elsewhere.example/x',
    'data:,x',
    new URL('http://elsewhere.example'),
    new Request('http://elsewhere.example'),
  ])('never to another origin: %s', async (input) => {
    const { service, recorded } = declareService({ origin: upstream.origin })
    const error = await service.fetch(input).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'SCS_INTEGRATION_ERR_URL' })
    expect(recorded.calls).toEqual([])
  })

  it('the error does not repeat secrets of the URL', async () => {
    const { service } = declareService({ origin: upstream.origin })
    const call = service.fetch('https://user:secret@elsewhere.example/secret?token=secret#secret')
    await expect(call).rejects.toThrow(/https:\/\/elsewhere\.example: its origin is/)
    await expect(call).rejects.not.toThrow(/secret/)
  })

  it('a service without an origin takes only absolute URLs', async () => {
    const { service } = declareService({})
    expect(await (await service.fetch(`${upstream.origin}/json`)).json()).toEqual({ a: 1 })
    await expect(service.fetch('/json')).rejects.toMatchObject({ code: 'SCS_INTEGRATION_ERR_URL' })
  })
})

describe('a service’s dispatcher', () => {
  it('records what undici.request sends and gets, also without an origin', async () => {
    const { service, recorded } = declareService({ origin: upstream.origin })
    const { dispatcher } = service
    const options = { method: 'POST', body: Buffer.from('bytes'), dispatcher } as const
    const response = await request(`${upstream.origin}/echo`, options)
    await response.body.text()
    async function* pieces(): AsyncGenerator<string> {
      yield 'pie'
      yield 'ces'
    }
    const body = pieces() as unknown as string
    await (await dispatcher.request({ path: '/echo', method: 'POST', body })).body.text()
    const bodies = recorded.calls.map(({ start, end }) => [
      start.url,
      String(end?.requestBody?.bytes),
      end?.responseBody?.isWhole,
    ])
    const url = `${upstream.origin}/echo`
    expect(bodies).toEqual([
      [url, 'bytes', true],
      [url, 'pieces', true],
    ])
  })

  it('keeps the names of headers as the server wrote them', async () => {
    const { service } = declareService({ origin: upstream.rawOrigin })
    const { headers, statusCode } = await service.dispatcher.request({
      path: '/no-reason',
      method: 'GET',
      responseHeaders: 'raw',
    })
    expect(statusCode).toBe(299)
    expect(headers).toContain('X-MiXeD')
  })

  it('passes on headers that can be read only once', async () => {
    const { service, recorded } = declareService({ origin: upstream.origin })
    function* headers(): Generator<[string, string]> {
      yield ['x-once', '1']
    }
    const options = { path: '/once', method: 'GET', headers: headers() } as const
    expect(await (await service.dispatcher.request(options)).body.text()).toBe('1')
    const { start } = await recorded.one()
    expect(start.requestHeaders).toEqual(['x-once', '1'])
  })

  it('lets undici refuse what is wrong', async () => {
    const { service, recorded, failures } = declareService({ origin: upstream.origin })
    const wrong = { path: 'no slash', method: 'GET' } as const
    await expect(service.dispatcher.request(wrong)).rejects.toMatchObject({
      code: 'UND_ERR_INVALID_ARG',
    })
    expect((await (await recorded.one()).ended).error).toMatchObject({
      code: 'UND_ERR_INVALID_ARG',
    })
    expect(failures).toEqual([])
  })
})

describe('a dispatcher given for one call', () => {
  it('is used, and the call is recorded', async () => {
    const { service, recorded } = declareService({ origin: 'http://mocked.example' })
    const mock = new MockAgent()
    mock.disableNetConnect()
    const pool = mock.get('http://mocked.example')
    pool.intercept({ path: '/pay', method: 'POST', body: 'five' }).reply(201, { paid: true })
    const init = { method: 'POST', body: 'five', dispatcher: mock } as object
    const response = await service.fetch('/pay', init)
    expect(await response.json()).toEqual({ paid: true })
    const call = await recorded.one()
    expect(call.statusCode).toBe(201)
    expect(call.end).toMatchObject({
      requestBody: { bytes: Buffer.from('five') },
      responseBody: { bytes: Buffer.from('{"paid":true}') },
    })
    await mock.close()
  })
})

it('a recorder that fails does not affect the call', async () => {
  const { service, recorded, failures } = declareService({ origin: upstream.origin })
  recorded.begin = () => {
    throw new RangeError('broken')
  }
  expect(await (await service.fetch('/json')).json()).toEqual({ a: 1 })
  expect(failures).toHaveLength(1)
})

describe('fetch is a function of its own, as the global one is', () => {
  class Sdk {
    readonly fetch: typeof globalThis.fetch
    constructor(options: { readonly fetch: typeof globalThis.fetch }) {
      this.fetch = options.fetch
    }
  }

  it.each<[string, (service: IntegrationService) => Promise<Response>]>([
    ['handed to an SDK, which calls it as its own', (service) => new Sdk(service).fetch('/json')],
    [
      'called on nothing',
      (service) => {
        const { fetch } = service
        return fetch('/json')
      },
    ],
    ['called on something else', (service) => service.fetch.call({ fetch }, '/json')],
    ['of a copy of the service', (service) => ({ ...service }).fetch('/json')],
  ])('%s', async (_name, call) => {
    const { service, recorded } = declareService({ origin: upstream.origin })
    expect(await (await call(service)).json()).toEqual({ a: 1 })
    expect((await recorded.one()).start).toMatchObject({ service: 'payments', method: 'GET' })
  })
})
