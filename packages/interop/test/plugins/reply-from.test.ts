import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import replyFrom from '@fastify/reply-from'
import { describe, expect, it, onTestFinished } from 'vitest'
import { expectError } from './error-answer.js'
import { SETUPS, startFamily } from './family.js'

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
