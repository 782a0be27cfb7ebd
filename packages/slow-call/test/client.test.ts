import { once } from 'node:events'
import { type ClientHttp2Session, connect } from 'node:http2'
import { clientOf } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { buildApp, createGate, listen, sleep, type TestApp, until } from './build-app.js'

/** An app whose reports' clients are kept, asked for when a report is delivered. */
async function buildClients(
  http2: boolean,
): Promise<{ readonly test: TestApp; readonly ips: (string | null)[] }> {
  const ips: (string | null)[] = []
  const onSlowCall = (_report: unknown, request: FastifyRequest): void => {
    ips.push(clientOf(request).ip)
  }
  // No logger: Fastify's own lines would ask for the address first.
  const server = { logger: false, ...(http2 ? { http2 } : {}) } as object
  return { test: await buildApp({ maxMs: 30, onSlowCall }, server), ips }
}

function session(url: string): ClientHttp2Session {
  const made = connect(url).on('error', () => undefined)
  onTestFinished(() => made.destroy())
  return made
}

describe("who takes a slow-call report can read the client's address", () => {
  it('over HTTP/2, when the answer has been sent', async () => {
    const { test, ips } = await buildClients(true)
    test.app.get('/', async () => {
      await sleep(60)
      return 'slow'
    })
    const stream = session(await listen(test.app))
      .request({ ':path': '/' })
      .resume()
    await once(stream, 'close')
    await until(() => ips.length > 0)
    expect(ips).toEqual(['127.0.0.1'])
  })

  it.each([true, false])('after the client has disconnected, over HTTP/2: %s', async (http2) => {
    const { test, ips } = await buildClients(http2)
    const gate = createGate()
    test.app.get('/', () => gate.opened)
    const url = await listen(test.app)
    const client = new AbortController()
    if (http2)
      session(url)
        .request({ ':path': '/' }, { signal: client.signal })
        .on('error', () => undefined)
    else void fetch(url, { signal: client.signal }).catch(() => undefined)
    await until(() => test.app.slowCall.stats().inFlight === 1)
    // Two looks at what is in flight.
    await sleep(250)
    client.abort()
    await until(() => ips.length > 0)
    expect(ips).toEqual(['127.0.0.1'])
    gate.open()
  })
})
