import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import compress from '@fastify/compress'
import { describe, expect, it } from 'vitest'
import { bodyOf, expectError, headOf } from './error-answer.js'
import { type Parts, SETUPS, startFamily, startPlain } from './family.js'
import { ask } from './raw-answer.js'

const details = { lines: Array.from({ length: 200 }, (_, line) => ({ line, left: 0 })) }
const parts: Parts = {
  plugin: (app) => app.register(compress, { threshold: 500 }),
  routes: (app) => {
    app.get('/sold-out', async () => {
      throw Object.assign(new Error('Sold out'), { statusCode: 409 })
    })
    app.post('/orders', ({ body }) => body)
    if (!app.hasDecorator('scs')) return
    const soldOut = app.scs.registerError({ code: 409, id: 'sold-out', message: 'Sold out' })
    app.get('/all-sold-out', async () => {
      throw soldOut({ details })
    })
    app.get('/stream', (_request, reply) => {
      const body = new Readable({ read: () => undefined })
      // Nothing that a compressor could keep back: part of it leaves at once.
      body.push(randomBytes(1_000_000).toString('base64'))
      reply.raw.once('drain', () => body.destroy(new Error('disk')))
      return reply.type('text/plain').send(body)
    })
  },
}

describe.each(SETUPS)('@fastify/compress, registered $order, $format', (setup) => {
  const { format } = setup
  const told = { status: 409, id: 'sold-out', message: 'Sold out' }

  it('compresses large error bodies, each as the client asks, and leaves small ones', async () => {
    const { address } = await startFamily(setup, parts)
    const encodings = { gzip: gunzipSync, br: brotliDecompressSync }
    for (const [encoding, decompress] of Object.entries(encodings)) {
      const answer = await ask(address, '/all-sold-out', { 'accept-encoding': encoding })
      expect(answer.status).toBe(409)
      expect(answer.headers).toMatchObject({
        'content-encoding': encoding,
        'cache-control': 'no-store',
        vary: 'accept-encoding',
      })
      const seen = JSON.parse(String(decompress(answer.bytes)))
      expect(seen).toEqual(bodyOf(format, { ...told, details }))
    }
    const small = await ask(address, '/sold-out', { 'accept-encoding': 'gzip' })
    const plain = await ask(await startPlain(parts), '/sold-out', { 'accept-encoding': 'gzip' })
    expect(small.headers['content-encoding']).toBeUndefined()
    expect(small.headers.vary).toBe(plain.headers.vary)
    expect(JSON.parse(String(small.bytes))).toEqual(bodyOf(format, { ...told, id: 'conflict' }))
  })

  it('answers a body whose compression is unknown or broken', async () => {
    const { address, reports, settled } = await startFamily(setup, parts)
    const plain = await startPlain(parts)
    const wrong = {
      lzma: {
        status: 415,
        id: 'unsupported-media-type',
        code: 'FST_CP_ERR_INVALID_CONTENT_ENCODING',
      },
      gzip: { status: 400, id: 'bad-request', code: 'FST_CP_ERR_INVALID_CONTENT' },
    }
    for (const [encoding, told] of Object.entries(wrong)) {
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding }
      const init = { method: 'POST', body: '{"not":"compressed"}', headers }
      const answer = await fetch(`${address}/orders`, init)
      expect(headOf(answer), encoding).toEqual(headOf(await fetch(`${plain}/orders`, init)))
      await expectError(answer, format, { ...told, message: '' })
    }
    await settled()
    expect(reports).toEqual([])
  })

  it('a compressed stream that fails midway is cut off, and reported once', async () => {
    const { address, reports, settled } = await startFamily(setup, parts)
    const cut = ask(address, '/stream', { 'accept-encoding': 'gzip' })
    await expect(cut).rejects.toThrow('aborted')
    await expect.poll(() => reports.length).toBe(1)
    await settled()
    expect(reports.map(({ request, response }) => [request?.path, response?.interrupted])).toEqual([
      ['/stream', true],
    ])
  })

  it("the console's live tail arrives at once, and its page as before", async () => {
    const { app, address } = await startFamily(setup, parts)
    const headers = { 'accept-encoding': 'gzip, br' }
    const page = await fetch(`${address}/_scs/`, { headers })
    expect(await page.text()).toContain('<base href')
    const stop = new AbortController()
    const live = await fetch(`${address}/_scs/api/live`, { headers, signal: stop.signal })
    expect(live.headers.get('content-type')).toContain('text/event-stream')
    expect(live.headers.get('content-encoding')).toBeNull()
    const reader = live.body?.pipeThrough(new TextDecoderStream()).getReader()
    const crash = await app.inject('/nowhere')
    expect(crash.statusCode).toBe(404)
    app.reportError('The kettle is empty', {})
    let seen = ''
    while (!seen.includes('kettle')) {
      const part = await reader?.read()
      if (part === undefined || part.done) break
      seen += part.value
    }
    expect(seen).toContain('kettle')
    stop.abort()
  })
})
