import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { request as undiciRequest } from 'undici'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildApp, only } from '../build-app.js'

let server: Server
let origin: string
let answer: (response: ServerResponse) => void

beforeEach(async () => {
  server = createServer((_request, response) => answer(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

function json(statusCode: number, body: unknown): void {
  answer = (response) => {
    response.writeHead(statusCode, { 'content-type': 'application/json', 'x-request': '7' })
    response.end(JSON.stringify(body))
  }
}

it('a response of fetch is recorded, and the application can still read its body', async () => {
  const { app, records } = await buildApp()
  json(200, { id: 7, token: 't' })
  const response = await fetch(`${origin}/pay?token=t`)
  app.integrations.logResponse(response, {
    service: 'pay',
    method: 'GET',
    data: { a: 1 },
    reference: { type: 'Order', id: '42' },
  })
  expect(response.bodyUsed).toBe(false)
  expect(await response.json()).toEqual({ id: 7, token: 't' })
  expect(only(await records())).toMatchObject({
    service: 'pay',
    method: 'GET',
    url: `${origin}/pay?token=[redacted]`,
    status: 'Completed',
    statusCode: 200,
    data: { a: 1 },
    output: { id: 7, token: '[redacted]' },
    responseHeaders: { 'x-request': '7' },
    reference: { type: 'Order', id: '42' },
    truncated: false,
  })
})

it('anything but a 2xx is Failed, the body its error', async () => {
  const { app, records } = await buildApp()
  json(402, { code: 'declined' })
  app.integrations.logResponse(await fetch(origin))
  expect(only(await records())).toMatchObject({
    service: new URL(origin).host,
    status: 'Failed',
    statusCode: 402,
    error: { code: 'declined' },
    output: null,
  })
})

it('a body that was read already comes from the application, or is marked as missing', async () => {
  const { app, records } = await buildApp()
  json(200, { a: 1 })
  const response = await fetch(origin)
  const body = await response.text()
  app.integrations.logResponse(response, { body })
  app.integrations.logResponse(response)
  expect((await records()).map(({ output }) => output)).toEqual([
    { a: 1 },
    '[not recorded: the application reads it; pass it as "body"]',
  ])
})

it('the beginning of an endless body is recorded, and the application goes on reading', async () => {
  const { app, records } = await buildApp({ log: { maxBodyBytes: 1_000 } })
  let isClosed = false
  answer = (response) => {
    const write = (): void => {
      while (!response.destroyed && response.write('x'.repeat(1_000)));
    }
    response.on('drain', write)
    response.on('close', () => {
      isClosed = true
    })
    response.writeHead(200, { 'content-type': 'text/plain' })
    write()
  }
  const response = await fetch(origin)
  app.integrations.logResponse(response)
  expect(only(await records())).toMatchObject({
    status: 'Completed',
    truncated: true,
    output: 'x'.repeat(1_000),
  })
  const reader = response.body?.getReader()
  let bytes = 0
  while (bytes < 200_000) bytes += (await reader?.read())?.value?.length ?? 0
  await reader?.cancel()
  while (!isClosed) await new Promise((resolve) => setImmediate(resolve))
})

it('a body that breaks off makes the record Failed, and the application gets its error', async () => {
  const { app, records } = await buildApp()
  answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 100 })
    response.write('half', () => response.destroy())
  }
  const response = await fetch(origin)
  app.integrations.logResponse(response)
  await expect(response.text()).rejects.toThrow()
  expect(only(await records())).toMatchObject({
    status: 'Failed',
    truncated: true,
    error: expect.anything(),
  })
})

it('a response of undici is recorded without its body, unless that is passed', async () => {
  const { app, records } = await buildApp()
  json(200, { a: 1, password: 'p' })
  const url = `${origin}/x`
  const response = await undiciRequest(url)
  app.integrations.logResponse(response, { url })
  const body = await response.body.json()
  app.integrations.logResponse(response, { url, body, service: 'x' })
  expect(await records()).toMatchObject([
    { url, statusCode: 200, output: expect.stringContaining('not recorded'), truncated: true },
    { url, status: 'Completed', output: { a: 1, password: '[redacted]' }, truncated: false },
  ])
})

it('a response like those of axios is recorded with its request', async () => {
  const { app, records } = await buildApp()
  const sent = { authorization: 'Bearer x', toJSON: () => ({ Authorization: 'Bearer x', A: 'b' }) }
  const response = {
    status: 201,
    data: { id: 1, secret: 's' },
    headers: { 'content-type': 'application/json' },
    config: {
      baseURL: 'https://api.example/v1/',
      url: '/pay?token=t',
      method: 'post',
      headers: sent,
      data: '{"pin":1234,"n":1}',
    },
  }
  app.integrations.logResponse(response)
  app.integrations.logResponse({ ...response, status: 500, config: {} }, { data: 'own' })
  expect(await records()).toMatchObject([
    {
      service: 'api.example',
      method: 'POST',
      url: 'https://api.example/v1/pay?token=[redacted]',
      requestHeaders: { authorization: '[redacted]', a: 'b' },
      data: { pin: '[redacted]', n: 1 },
      output: { id: 1, secret: '[redacted]' },
    },
    { service: 'unknown', status: 'Failed', data: 'own', error: { id: 1 } },
  ])
})

it.each([[null], [{}], [{ status: 200 }]])(
  'what is no response is recorded as a failure, and told: %j',
  async (wrong) => {
    const { app, records } = await buildApp()
    app.integrations.logResponse(wrong as never)
    expect(await records()).toMatchObject([{ status: 'Failed', output: null }])
    expect(app.integrations.stats().describeFailures).toBe(1)
  },
)
