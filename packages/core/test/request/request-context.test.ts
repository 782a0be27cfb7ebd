import { AsyncLocalStorage } from 'node:async_hooks'
import { type AddressInfo, connect } from 'node:net'
import { currentRequest } from '@fastify-scs/core'
import { keepRequestContext, runForRequest } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import { expect, it } from 'vitest'
import { buildApp } from '../build-app.js'

async function idAfterAwait(): Promise<string | undefined> {
  await new Promise((resolve) => setImmediate(resolve))
  return currentRequest()?.id
}

it('any code that a request runs finds the request, also behind a parsed body', async () => {
  const { app } = await buildApp({ context: true })
  const inHooks: unknown[] = []
  for (const hook of ['onRequest', 'preValidation', 'preHandler'] as const) {
    app.addHook(hook, async (request) => {
      inHooks.push((await idAfterAwait()) === request.id)
    })
  }
  app.post('/', async (request) => ({ same: (await idAfterAwait()) === request.id }))
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const post = (): Promise<Response> =>
    fetch(address, {
      method: 'POST',
      body: JSON.stringify({ long: 'x'.repeat(100_000) }),
      headers: { 'content-type': 'application/json' },
    })
  const answers = await Promise.all(Array.from({ length: 20 }, post))
  for (const answer of answers) expect(await answer.json()).toEqual({ same: true })
  expect(inHooks).toEqual(new Array(60).fill(true))
  await app.close()
})

it('the request is found behind a body that arrives bit by bit', async () => {
  const { app } = await buildApp({ context: true })
  const began = new Promise<void>((resolve) => {
    app.addHook('onRequest', async () => resolve())
  })
  app.post('/', (request) => ({ same: currentRequest() === request }))
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n')
  socket.write('content-length: 7\r\nconnection: close\r\n\r\n')
  await began
  await new Promise((resolve) => setImmediate(resolve))
  socket.write('{"a"')
  await new Promise((resolve) => setImmediate(resolve))
  socket.write(':1}')
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  expect(answer).toContain('{"same":true}')
  await app.close()
})

it('outside of a request, and without context: true, there is none', async () => {
  const { app } = await buildApp()
  app.get('/', async () => ({ id: (await idAfterAwait()) ?? null }))
  expect((await app.inject('/')).json()).toEqual({ id: null })
  expect(currentRequest()).toBeUndefined()
})

it('a plugin may ask for the request context, whether or not it is on already', async () => {
  for (const context of [false, true]) {
    const { app } = await buildApp({ context })
    keepRequestContext(app)
    app.get('/', async (request) => ({ same: (await idAfterAwait()) === request.id }))
    expect((await app.inject('/')).json()).toEqual({ same: true })
  }
})

it('two apps that call each other each see their own request', async () => {
  const one = await buildApp({ context: true })
  const two = await buildApp({ context: true })
  two.app.get('/', async (request) => ({ own: currentRequest() === request }))
  one.app.get('/', async (request) => {
    const inner = (await two.app.inject('/')).json() as object
    return { inner, own: currentRequest() === request }
  })
  expect((await one.app.inject('/')).json()).toEqual({ inner: { own: true }, own: true })
})

it('a callback is called as code of a request or of none, with its arguments and in no other context than it was', async () => {
  const { app } = await buildApp({ context: true })
  const ofApplication = new AsyncLocalStorage<string>()
  const seen = (...args: unknown[]): unknown[] => [
    currentRequest()?.id,
    ofApplication.getStore(),
    ...args,
  ]
  const thrown = new Error('of the callback')
  app.get('/', async (request) => {
    const within = (run: () => unknown): unknown => ofApplication.run('kept', run)
    expect(within(() => runForRequest(request, seen, 1, 2))).toEqual([request.id, 'kept', 1, 2])
    expect(within(() => runForRequest(undefined, seen, 3))).toEqual([undefined, 'kept', 3])
    const fails = (): never => {
      throw thrown
    }
    expect(() => runForRequest(undefined, fails)).toThrow(thrown)
    expect(currentRequest()).toBe(request)
    const later = runForRequest(undefined, idAfterAwait)
    expect([await later, await idAfterAwait()]).toEqual([undefined, request.id])
    return 'done'
  })
  let first: FastifyRequest | undefined
  app.addHook('onResponse', async (request) => {
    first ??= request
  })
  app.get('/ended', async (request) => {
    expect(runForRequest(first, seen)).toEqual([first?.id, undefined])
    expect(currentRequest()).toBe(request)
    return { id: await runForRequest(first, idAfterAwait) }
  })
  expect((await app.inject('/')).statusCode).toBe(200)
  const { id } = (await app.inject('/ended')).json()
  expect(id).toBe(first?.id)
  expect(currentRequest()).toBeUndefined()
})
