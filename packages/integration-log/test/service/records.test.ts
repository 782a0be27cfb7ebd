import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { declareService } from '../upstream/declare-service.js'
import { headersOf, type RecordedCall } from '../upstream/recorded-calls.js'
import { startUpstream, type Upstream } from '../upstream/upstream.js'

let upstream: Upstream

beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())

type Options = Parameters<typeof declareService>[0]

/** What the log was told of the only call. */
async function told(path: string, init?: RequestInit, options?: Options): Promise<RecordedCall> {
  const origin = path.startsWith('/raw') ? upstream.rawOrigin : upstream.origin
  const { service, recorded, failures } = declareService({ origin, ...options })
  await service
    .fetch(path.replace('/raw', ''), init)
    .then((response) => response.text())
    .catch(() => undefined)
  const call = await recorded.one()
  await call.ended
  expect(failures).toEqual([])
  return call
}

describe('the log gets of a call', () => {
  it('what was asked and what was answered', async () => {
    const call = await told('/json?a=b', {
      method: 'POST',
      body: '{"x":1}',
      headers: { 'X-A': '1' },
    })
    expect(call.start).toMatchObject({
      service: 'payments',
      method: 'POST',
      url: `${upstream.origin}/json?a=b`,
    })
    expect(headersOf(call.start.requestHeaders)).toMatchObject({ 'x-a': '1' })
    expect(call.statusCode).toBe(200)
    expect(headersOf(call.responseHeaders)).toMatchObject({ 'content-type': 'application/json' })
    expect(call.end).toEqual({
      requestBody: { bytes: Buffer.from('{"x":1}'), totalBytes: 7, isWhole: true },
      responseBody: { bytes: Buffer.from('{"a":1}'), totalBytes: 7, isWhole: true },
    })
  })

  it('what the caller adds for the record, which fetch does not see', async () => {
    const { service, recorded } = declareService({ origin: upstream.origin })
    const fields = {
      reference: { type: 'Order', id: '42' },
      description: 'Charge',
      requestId: 'r-1',
      retryOf: 'a',
    }
    const options = { ...fields, method: 'POST', body: 'x' }
    await service.fetch('/echo', options)
    expect((await recorded.one()).start).toMatchObject(fields)
    expect(options).toEqual({ ...fields, method: 'POST', body: 'x' })
  })

  it('the bytes as on the wire, when they are compressed', async () => {
    const { end } = await told('/gzip')
    expect(String(gunzipSync(end?.responseBody?.bytes ?? ''))).toContain('"paid":true')
  })

  it('the beginning and the length of a body above the limit', async () => {
    const body = 'é'.repeat(50_000)
    const { end } = await told('/echo', { method: 'POST', body }, { maxBodyBytes: 101 })
    expect(end?.requestBody).toEqual({
      bytes: Buffer.from(body).subarray(0, 101),
      totalBytes: 100_000,
      isWhole: true,
    })
  })

  it('an upload as it passes', async () => {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (const piece of ['one ', 'two ', 'three']) yield Buffer.from(piece)
    }
    const body = ReadableStream.from(pieces())
    const { end } = await told('/echo', { method: 'POST', body, duplex: 'half' } as RequestInit)
    expect(String(end?.requestBody?.bytes)).toBe('one two three')
    expect(end?.requestBody?.isWhole).toBe(true)
  })

  it('a multipart form as it passes', async () => {
    const form = new FormData()
    form.set('name', 'value')
    const { end } = await told('/echo', { method: 'POST', body: form })
    expect(String(end?.requestBody?.bytes)).toContain('name="name"\r\n\r\nvalue')
  })

  it('the body that would have been sent, when there is no connection', async () => {
    const { service, recorded } = declareService({ origin: upstream.deadOrigin })
    await expect(service.fetch('/', { method: 'POST', body: 'pay 5' })).rejects.toThrow()
    const { requestBody, error } = await (await recorded.one()).ended
    expect(String(requestBody?.bytes)).toBe('pay 5')
    expect(error).toMatchObject({ code: 'ECONNREFUSED' })
  })

  it.each([
    ['/raw/empty-reply', undefined, 'UND_ERR_SOCKET'],
    ['/raw/reset-at-once', undefined, 'ECONNRESET'],
    ['/raw/reset-mid-body', 200, 'ECONNRESET'],
    ['/raw/too-short', 200, 'UND_ERR_SOCKET'],
    ['/raw/huge-header', undefined, 'UND_ERR_HEADERS_OVERFLOW'],
  ])('%s: why there is no whole answer', async (path, statusCode, code) => {
    const call = await told(path)
    expect(call.statusCode).toBe(statusCode)
    expect(call.end?.error).toMatchObject({ code })
    expect(call.end?.responseBody?.isWhole).not.toBe(true)
  })

  it('no informational answers', async () => {
    expect(await told('/raw/early-hints')).toMatchObject({ statusCode: 200, heads: 1 })
  })

  it('each exchange of a redirect', async () => {
    const { service, recorded } = declareService({ origin: upstream.origin })
    const reference = { type: 'Order', id: '42' }
    const response = await service.fetch('/see-other', { method: 'POST', body: 'x', reference })
    await response.text()
    const told = recorded.calls.map(({ start, statusCode, end }) => [
      start.method,
      start.url,
      statusCode,
      start.reference,
      end?.requestBody?.totalBytes,
    ])
    expect(told).toEqual([
      ['POST', `${upstream.origin}/see-other`, 303, reference, 1],
      ['GET', `${upstream.origin}/json`, 200, reference, undefined],
    ])
  })
})

describe('bodies are kept as declared', () => {
  it('of failed calls only', async () => {
    const options = { bodies: 'failed' } as const
    expect((await told('/json', { method: 'POST', body: 'x' }, options)).end).toEqual({})
    expect((await told('/error', { method: 'POST', body: 'x' }, options)).end).toMatchObject({
      requestBody: { totalBytes: 1 },
      responseBody: { totalBytes: 8 },
    })
    expect((await told('/raw/too-short', {}, options)).end).toMatchObject({
      responseBody: { totalBytes: 5, isWhole: false },
    })
  })

  it('never, and with a limit of nothing', async () => {
    const init = { method: 'POST', body: 'x' }
    expect((await told('/error', init, { bodies: 'never' })).end).toEqual({})
    expect((await told('/error', init, { maxBodyBytes: 0 })).end).toEqual({})
  })
})
