import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import replyFrom from '@fastify/reply-from'
import { describe, expect, it, onTestFinished } from 'vitest'
import { expectError, headOf } from './error-answer.js'
import { type Parts, SETUPS, startFamily, startPlain } from './family.js'

/** A service that answers with what it was sent, and its base address. */
async function startUpstream(): Promise<string> {
  const upstream = createServer((request, response) => {
    if (request.url === '/reset') {
      request.socket.resetAndDestroy()
      return
    }
    response.writeHead(request.url === '/failing' ? 422 : 200, { 'x-own': '1' })
    request.pipe(response)
  })
  onTestFinished(() => void upstream.close())
  await new Promise<void>((resolve) => void upstream.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
}

describe.each(SETUPS)('@fastify/reply-from, registered $order, $format', (setup) => {
  it("passes answers on, 422 too, and answers its own error's status where there is none", async () => {
    const base = await startUpstream()
    const { address, reports, settled } = await startFamily(setup, {
      plugin: (app) => app.register(replyFrom, { base }),
      routes: (app) => {
        app.post('/echo', (_request, reply) => reply.from('/echo'))
        app.post('/failing', (_request, reply) => reply.from('/failing'))
        app.get('/own', (_request, reply) =>
          reply.from('/reset', {
            onError: (failed, { error }) => failed.code(503).send(error),
          }),
        )
      },
    })
    const headers = { 'content-type': 'application/json' }
    const init = { method: 'POST', body: '{"lines":[1]}', headers }
    for (const [path, status] of [
      ['/echo', 200],
      ['/failing', 422],
    ] as const) {
      const answer = await fetch(address + path, init)
      expect([answer.status, answer.headers.get('x-own')]).toEqual([status, '1'])
      expect(await answer.text()).toBe('{"lines":[1]}')
    }
    const told = { status: 503, id: 'service-unavailable', message: 'Service Unavailable' }
    await expectError(await fetch(`${address}/own`), setup.format, told)
    await settled()
    expect(reports.map(({ request }) => request?.path)).toEqual(['/own'])
  })
})

describe.each(SETUPS.slice(3))('@fastify/reply-from, $format', (setup) => {
  async function partsOf(): Promise<Parts> {
    const upstream = await startUpstream()
    return {
      plugin: (app) => app.register(replyFrom),
      routes: (app) => {
        app.get('/reset', (_request, reply) => reply.from(`${upstream}/reset`))
        // Nobody listens at port 1.
        app.get('/refused', (_request, reply) => reply.from('http://127.0.0.1:1/'))
        app.get('/wrong-header', (_request, reply) =>
          reply.from(upstream, { rewriteRequestHeaders: () => ({ 'x-own': 'two\nlines' }) }),
        )
        app.post('/broken-body', (request, reply) => {
          request.body = Readable.from([]).map(() => '')
          ;(request.body as Readable).destroy(new Error('the disk is full'))
          return reply.from(upstream)
        })
      },
    }
  }
  const crashed = {
    status: 500,
    id: 'internal-server-error',
    code: 'SERVER_ERROR',
    message: 'An unexpected error occurred',
  }

  it('a connection that fails is a 502, and with trustForeignStatus the 500 that it is without us', async () => {
    const parts = await partsOf()
    const plain = await startPlain(parts)
    const ours = await startFamily(setup, parts)
    const trusting = await startFamily(setup, { ...parts, core: { trustForeignStatus: true } })
    for (const path of ['/reset', '/refused']) {
      const told = { status: 502, id: 'bad-gateway', message: 'Bad Gateway' }
      await expectError(await fetch(ours.address + path), setup.format, told)
      const answer = await fetch(trusting.address + path)
      expect(headOf(answer)).toEqual(headOf(await fetch(plain + path)))
      await expectError(answer, setup.format, crashed)
    }
  })

  it('a call that this service has made wrongly is a 500', async () => {
    const { address, reports, settled } = await startFamily(setup, await partsOf())
    await expectError(await fetch(`${address}/wrong-header`), setup.format, crashed)
    const body = { method: 'POST', body: 'text' }
    await expectError(await fetch(`${address}/broken-body`, body), setup.format, crashed)
    await settled()
    expect(reports.map(({ causes }) => causes[0]?.message)).toEqual([
      expect.stringContaining('invalid x-own header'),
      'the disk is full',
    ])
  })
})
