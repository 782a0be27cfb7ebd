import { once } from 'node:events'
import http from 'node:http'
import { connect } from 'node:net'
import axios from 'axios'
import { request } from 'undici'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Agent } from '../../src/transport/compat-undici.js'
import { observeCalls } from '../../src/transport/observe.js'
import { declareService, type TestService } from '../upstream/declare-service.js'
import { headersOf, RecordedCalls } from '../upstream/recorded-calls.js'
import { startUpstream, type Upstream } from '../upstream/upstream.js'

let upstream: Upstream
let tested: TestService
let end: () => void

beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())

beforeEach(() => {
  tested = declareService({ origin: upstream.origin })
  end = observeCalls(tested.recorded, tested.options, (error) => tested.failures.push(error))
})
afterEach(async () => {
  end()
  await tested.close(0)
  expect(tested.failures).toEqual([])
  for (const call of tested.recorded.calls) expect(call.ends).toBeLessThanOrEqual(1)
})

async function get(url: string, options: http.RequestOptions = {}): Promise<http.IncomingMessage> {
  const [response] = await once(http.get(url, options), 'response')
  response.resume()
  await once(response, 'close')
  return response
}

describe('calls by code that does not use the log are recorded', () => {
  it.each<[string, (url: string) => Promise<unknown>]>([
    ['the built-in fetch', async (url) => (await fetch(url)).text()],
    ['undici.request', async (url) => (await request(url)).body.text()],
    ['node:http', (url) => get(url)],
    ['axios', (url) => axios.get(url)],
  ])('%s', async (_name, call) => {
    await call(`${upstream.otherOrigin}/json?q=1`)
    const told = await tested.recorded.one()
    expect(await told.ended).toEqual({})
    expect(told.start.service).toBeUndefined()
    expect(told.start).toMatchObject({ method: 'GET', url: `${upstream.otherOrigin}/json?q=1` })
    expect(told.statusCode).toBe(200)
    expect(headersOf(told.responseHeaders)['content-type']).toBe('application/json')
  })

  it.each<[string, (url: string) => Promise<unknown>]>([
    ['the built-in fetch', (url) => fetch(url)],
    ['undici.request', (url) => request(url)],
    ['node:http', (url) => get(url)],
    ['axios', (url) => axios.get(url)],
  ])('%s, where nobody answers', async (_name, call) => {
    await expect(call(upstream.deadOrigin)).rejects.toThrow()
    const { error } = await (await tested.recorded.one()).ended
    expect(error).toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('a call to the origin of a declared service is that service’s', async () => {
    await axios.post(`${upstream.origin}/echo`, { amount: 5 })
    expect((await tested.recorded.one()).start.service).toBe('payments')
  })

  it('with the bodies that the channels carry', async () => {
    const dispatcher = new Agent()
    const body = 'observed'
    const response = await request(`${upstream.origin}/echo`, { method: 'POST', body, dispatcher })
    const text = await response.body.text()
    const told = await (await tested.recorded.one()).ended
    expect(String(told.requestBody?.bytes)).toBe('observed')
    expect(told.requestBody?.isWhole).toBe(true)
    expect(String(told.responseBody?.bytes)).toBe(text)
    await dispatcher.close()
  })

  it('with headers that others add once the request is made', async () => {
    const { subscribe, unsubscribe } = await import('node:diagnostics_channel')
    const trace = (message: unknown): void => {
      const made = message as { request: { addHeader(name: string, value: string): void } }
      made.request.addHeader('traceparent', '00-1-2-01')
    }
    subscribe('undici:request:create', trace)
    const dispatcher = new Agent()
    await (await request(`${upstream.otherOrigin}/json`, { dispatcher })).body.text()
    await (await tested.service.fetch('/json')).text()
    unsubscribe('undici:request:create', trace)
    for (const { sent } of tested.recorded.calls) {
      expect(headersOf(sent).traceparent).toBe('00-1-2-01')
    }
    expect(tested.recorded.calls).toHaveLength(2)
    await dispatcher.close()
  })
})

describe('a call is recorded once', () => {
  it('when a service makes it', async () => {
    await (await tested.service.fetch('/json')).text()
    const { dispatcher } = tested.service
    await (await request(`${upstream.origin}/json`, { dispatcher })).body.text()
    await (await dispatcher.request({ path: '/json', method: 'HEAD' })).body.dump()
    await (await dispatcher.request({ path: '/echo', method: 'POST', body: 'x' })).body.text()
    expect(tested.recorded.calls.map(({ start }) => start.method)).toEqual([
      'GET',
      'GET',
      'HEAD',
      'POST',
    ])
  })

  it('when it waits in the queue of a service', async () => {
    const narrow = declareService({ origin: upstream.origin, agent: { connections: 1 } })
    const endNarrow = observeCalls(narrow.recorded, narrow.options, () => undefined)
    const texts = [1, 2, 3].map(async () => (await narrow.service.fetch('/json')).text())
    await Promise.all(texts)
    expect(narrow.recorded.calls).toHaveLength(3)
    endNarrow()
    await narrow.close(0)
  })

  it('by the app whose service makes it, and by no other', async () => {
    const other = new RecordedCalls()
    const elsewhere = declareService({})
    const endOther = observeCalls(other, elsewhere.options, () => undefined)
    await (await tested.service.fetch('/json')).text()
    await get(`${upstream.otherOrigin}/json`)
    endOther()
    expect(other.calls.map(({ start }) => start.url)).toEqual([`${upstream.otherOrigin}/json`])
  })

  it('not at all once the app is closed', async () => {
    end()
    await get(`${upstream.origin}/json`)
    await (await fetch(`${upstream.origin}/json`)).text()
    expect(tested.recorded.calls).toEqual([])
  })
})

describe('node:http', () => {
  it.each<[string, number | undefined]>([
    ['/reset-mid-body', 200],
    ['/too-short', 200],
    ['/empty-reply', undefined],
    ['/malformed-status', undefined],
  ])('an answer that breaks off: %s', async (path, statusCode) => {
    const sent = http.get(upstream.rawOrigin + path)
    sent.on('error', () => undefined)
    sent.on('response', (response) => response.on('error', () => undefined).resume())
    await new Promise((resolve) => sent.once('close', resolve))
    const told = await tested.recorded.one()
    expect((await told.ended).error).toBeInstanceOf(Error)
    expect(told.statusCode).toBe(statusCode)
  })

  it('a listener to the end of an answer does not hide its error from the host', async () => {
    const sent = http.get(`${upstream.rawOrigin}/reset-mid-body`).on('error', () => undefined)
    const [response] = await once(sent, 'response')
    response.resume()
    // Without a listener of the host to "error", Node tells of it by "aborted" alone.
    expect(response.listenerCount('error')).toBe(0)
    await once(response, 'aborted')
    await (await tested.recorded.one()).ended
  })

  it('a request that is destroyed before its answer', async () => {
    const sent = http.get(`${upstream.origin}/hangs`).on('error', () => undefined)
    const told = await tested.recorded.one()
    sent.destroy(new RangeError('enough'))
    expect((await told.ended).error).toMatchObject({ message: 'enough' })
  })

  it('an upgrade', async () => {
    const server = http.createServer().on('upgrade', (_request, socket) => {
      socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\n')
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as { port: number }
    const headers = { connection: 'upgrade', upgrade: 'echo' }
    const sent = http.get({ host: '127.0.0.1', port, headers })
    const [, socket] = await once(sent, 'upgrade')
    const told = await tested.recorded.one()
    expect(await told.ended).toEqual({})
    expect(told.statusCode).toBe(101)
    socket.destroy()
    server.close()
  })

  it('a tunnel through a proxy is not recorded', async () => {
    const proxy = http.createServer().on('connect', ({ url }, socket) => {
      const [host = '', port] = String(url).split(':')
      const target = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        target.pipe(socket).pipe(target)
      })
      for (const each of [target, socket]) each.on('error', () => undefined)
    })
    await once(proxy.listen(0, '127.0.0.1'), 'listening')
    const { port } = proxy.address() as { port: number }
    const through = declareService({
      origin: upstream.origin,
      proxy: `http://127.0.0.1:${port}`,
      agent: { proxyTunnel: true } as object,
    })
    const endThrough = observeCalls(through.recorded, through.options, () => undefined)
    await (await through.service.fetch('/echo', { method: 'POST', body: 'x' })).text()
    endThrough()
    const call = await through.recorded.one()
    expect(call.start).toMatchObject({ method: 'POST', url: `${upstream.origin}/echo` })
    expect(call.end?.requestBody?.totalBytes).toBe(1)
    await through.close(0)
    proxy.closeAllConnections()
    proxy.close()
  })

  it('a Host header with another name does not change the URL of the record', async () => {
    await get(`${upstream.otherOrigin}/json`, { headers: { host: 'elsewhere.example' } })
    expect((await tested.recorded.one()).start.url).toMatch(/^http:\/\/127\.0\.0\.1/)
  })
})

it('a recorder that fails does not affect the call', async () => {
  const failures: unknown[] = []
  const broken = {
    begin: () => {
      throw new RangeError('broken')
    },
  }
  const endBroken = observeCalls(broken, tested.options, (error) => {
    failures.push(error)
    throw new Error('the listener, too')
  })
  await get(`${upstream.origin}/json`)
  expect(await (await fetch(`${upstream.origin}/json`)).json()).toEqual({ a: 1 })
  endBroken()
  expect(failures.length).toBeGreaterThanOrEqual(2)
})
