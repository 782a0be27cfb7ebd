import { execFile } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { promisify } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import websocket from '@fastify/websocket'
import scsPlugin from '@fastify-scs/core'
import slowCall from '@fastify-scs/slow-call'
import Fastify from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { block, buildApp, createGate, listen, NEVER_MS, sleep, until } from './build-app.js'

function connectTo(address: string): Socket {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  return socket
}

it('a stream is judged by its first byte, not by how long the client stays', async () => {
  const { app, reports } = await buildApp({ maxMs: 1000 })
  const stream = new PassThrough()
  app.get('/', (_request, reply) => void reply.type('text/plain').send(stream))
  stream.write('first')
  const answer = await fetch(await listen(app))
  await sleep(1100)
  stream.end('last')
  expect(await answer.text()).toBe('firstlast')
  const [route] = app.slowCall.stats().routes
  expect(route).toMatchObject({ calls: 1, slow: 0 })
  expect(route?.durations.maxMs).toBeLessThan(1000)
  expect(reports).toEqual([])
})

it('a stream whose first byte is late is slow, and the wait belongs to the handler', async () => {
  const { app, report } = await buildApp({ maxMs: 1 })
  app.get('/', async () => {
    await sleep(250)
    return Readable.from(lateChunks())
  })
  await (await fetch(await listen(app))).text()
  const { phases, durationMs } = await report()
  expect(durationMs).toBeGreaterThan(490)
  expect(phases.handlerMs).toBeGreaterThan(490)
})

async function* lateChunks(): AsyncGenerator<string> {
  await sleep(250)
  yield 'late'
}

it('a slow stream is reported while it goes on, not when it ends', async () => {
  const { app, report } = await buildApp({ maxMs: 1 })
  const stream = new PassThrough()
  app.get('/', async () => {
    await sleep(30)
    stream.write('first')
    return stream
  })
  const answer = await fetch(await listen(app))
  expect((await report()).phases.sendingMs).toBeNull()
  stream.end()
  await answer.text()
})

it('server-sent events written to reply.raw are judged by the head of the answer', async () => {
  const { app, reports } = await buildApp({ maxMs: 1000, stuckAfterMs: 1000 })
  app.get('/', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'x-own': 'yes' })
    reply.raw.write('data: 1\n\n')
    setTimeout(() => reply.raw.end(), 1200)
  })
  const answer = await fetch(await listen(app))
  expect(answer.headers.get('x-own')).toBe('yes')
  expect(app.slowCall.stats()).toMatchObject({ inFlight: 0, routes: [{ calls: 1 }] })
  expect(await answer.text()).toBe('data: 1\n\n')
  expect(reports).toEqual([])
})

it.each(['before', 'after'])(
  'a WebSocket is judged by its handshake; @fastify/websocket registered %s',
  async (order) => {
    const { app, reports } = await buildApp({ maxMs: 1000, stuckAfterMs: 1000 })
    if (order === 'before') {
      await app.register(async (child) => {
        await child.register(websocket)
        child.get('/', { websocket: true }, (socket) => void socket.send('hello'))
      })
    } else {
      await app.register(websocket)
      app.get('/', { websocket: true }, (socket) => void socket.send('hello'))
    }
    const socket = connectTo(await listen(app))
    const handshake = ['GET / HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket']
    const key = ['Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${'A'.repeat(22)}==`]
    let text = ''
    socket.on('data', (data) => {
      text += data.toString('latin1')
    })
    socket.write(`${[...handshake, ...key].join('\r\n')}\r\n\r\n`)
    await until(() => text.includes('hello'))
    expect(text).toContain('101 Switching Protocols')
    await sleep(1200)
    expect(app.slowCall.stats()).toMatchObject({
      inFlight: 0,
      routes: [{ calls: 1, slow: 0, stuck: 0 }],
    })
    expect(reports).toEqual([])
  },
)

it('a WebSocket whose handshake was slow is not aborted when it is closed', async () => {
  const { app, report } = await buildApp({ maxMs: 100 })
  await app.register(websocket)
  const preValidation = (): Promise<void> => sleep(300)
  app.get('/', { websocket: true, preValidation }, (socket) => socket.close())
  const socket = connectTo(await listen(app))
  const handshake = ['GET / HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket']
  const key = ['Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${'A'.repeat(22)}==`]
  socket.write(`${[...handshake, ...key].join('\r\n')}\r\n\r\n`)
  socket.once('data', () => socket.destroy())
  expect(await report()).toMatchObject({ kind: 'slow', isAborted: false })
})

it.each<[string, () => unknown]>([
  ['a text', () => 'text'],
  ['a stream', () => Readable.from(['one', 'two'])],
])(
  'a slow call under inject is not aborted when all of its answer was sent: %s',
  async (_what, answer) => {
    const { app, report } = await buildApp({ maxMs: 1 })
    app.get('/', () => sleep(30).then(answer))
    const { statusCode } = await app.inject('/')
    expect(await report()).toMatchObject({ status: statusCode, isAborted: false })
  },
)

it('a slow call by app.inject whose answer breaks off counts as aborted', async () => {
  const { app, report } = await buildApp({ maxMs: 1 })
  app.get('/', async (_request, reply) => {
    await sleep(30)
    reply.hijack()
    reply.raw.write('the beginning')
    reply.raw.destroy()
  })
  await expect(app.inject('/')).rejects.toThrow()
  expect(await report()).toMatchObject({ status: 200, isAborted: true })
})

it('a slow client upload is not a slow call, nor a stuck one', async () => {
  const { app, reports } = await buildApp({ maxMs: 200, stuckAfterMs: 200 })
  app.post('/', (request) => request.body as object)
  const socket = connectTo(await listen(app))
  const answered = new Promise<string>((resolve) =>
    socket.once('data', (data) => resolve(String(data))),
  )
  const head = ['POST / HTTP/1.1', 'Host: x', 'Content-Type: application/json', 'Content-Length: 8']
  socket.write(`${head.join('\r\n')}\r\n\r\n{"a":`)
  await sleep(600)
  socket.write('12}')
  expect(await answered).toContain('{"a":12}')
  const [route] = app.slowCall.stats().routes
  expect(route).toMatchObject({ calls: 1, slow: 0, stuck: 0 })
  expect(reports).toEqual([])
})

it('a slow handler after a slow upload is reported, with separate times', async () => {
  const { app, report } = await buildApp({ maxMs: 1 })
  app.post('/', async () => {
    await sleep(150)
    return 'ok'
  })
  const socket = connectTo(await listen(app))
  const head = ['POST / HTTP/1.1', 'Host: x', 'Content-Type: application/json', 'Content-Length: 8']
  socket.write(`${head.join('\r\n')}\r\n\r\n{"a":`)
  await sleep(300)
  socket.write('12}')
  const { phases, durationMs, time } = await report()
  expect(phases.uploadMs).toBeGreaterThan(250)
  expect(phases.handlerMs).toBeGreaterThan(140)
  expect(time.microsecs / 1000 - durationMs).toBeCloseTo(phases.uploadMs, 1)
})

it('a slow client download is not a slow call', async () => {
  const { app, reports } = await buildApp({ maxMs: 1000 })
  app.get('/', () => Buffer.alloc(64 * 1024 * 1024, 'x'))
  const socket = connectTo(await listen(app))
  socket.pause()
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await until(() => app.slowCall.stats().routes.length === 1)
  await sleep(1200)
  const [route] = app.slowCall.stats().routes
  expect(route).toMatchObject({ calls: 1, slow: 0 })
  expect(reports).toEqual([])
})

it('a report gives the client’s download time separately', async () => {
  const { app, report } = await buildApp({ maxMs: 1 })
  app.get('/', () => sleep(30).then(() => Buffer.alloc(16 * 1024 * 1024, 'x')))
  const socket = connectTo(await listen(app))
  socket.pause()
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await until(() => app.slowCall.stats().routes.length === 1)
  await sleep(300)
  socket.resume()
  const { phases, durationMs } = await report()
  expect(phases.sendingMs).toBeGreaterThan(250)
  expect(durationMs).toBeLessThan(phases.sendingMs ?? 0)
})

it('a report says where the time went, and the phases add up to the duration', async () => {
  const { app, report } = await buildApp({ maxMs: 1 })
  app.addHook('preHandler', () => sleep(120))
  app.addHook('onSend', (_request, _reply, payload) => sleep(90).then(() => payload))
  app.addContentTypeParser('text/x-slow', (_request, payload, done) => {
    payload.resume().on('end', () => setTimeout(done, 60, null, 'body'))
  })
  const slowToSerialize = {
    toJSON(): string {
      block(40)
      return 'done'
    },
  }
  app.post('/', () => sleep(150).then(() => slowToSerialize))
  const headers = { 'content-type': 'text/x-slow' }
  await fetch(await listen(app), { method: 'POST', body: 'x', headers })
  const { phases, durationMs } = await report()
  expect(phases.parsingMs).toBeGreaterThan(55)
  expect(phases.hooksMs).toBeGreaterThan(200)
  expect(phases.handlerMs).toBeGreaterThan(145)
  expect(phases.serializationMs).toBeGreaterThan(39)
  const { parsingMs, hooksMs, handlerMs, serializationMs } = phases
  expect(parsingMs + hooksMs + handlerMs + (serializationMs ?? 0)).toBeCloseTo(durationMs, 3)
})

it('a handler that blocks the event loop can be told from one that waits', async () => {
  const { app, report } = await buildApp({ maxMs: 1 })
  app.get('/blocks', () => {
    block(300)
    return 'ok'
  })
  app.get('/waits', () => sleep(300).then(() => 'ok'))
  const address = await listen(app)
  await sleep(150)
  await fetch(`${address}/blocks`)
  const blocked = await report()
  expect(blocked.eventLoop.maxDelayMs).toBeGreaterThan(150)
  expect(blocked.phases).toMatchObject({ serializationMs: null })
  await fetch(`${address}/waits`)
  const waited = await report(1)
  expect(waited.eventLoop.utilization).toBeLessThan(blocked.eventLoop.utilization)
  expect(waited.phases.serializationMs).not.toBeNull()
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

it('pauses for garbage collection are reported, with the time that they were observed', async () => {
  const { app, report } = await buildApp({ maxMs: 1 })
  app.get('/', async () => {
    // By hand, because versions of Node differ in how much garbage they let pile up.
    for (let turn = 0; turn < 10; turn++) {
      collectGarbage()
      await sleep(40)
    }
    return 'ok'
  })
  await fetch(await listen(app))
  const { gc, durationMs } = await report()
  expect(gc?.count).toBeGreaterThan(0)
  expect(gc?.totalMs).toBeGreaterThan(0)
  expect(gc?.longestMs).toBeLessThanOrEqual(gc?.totalMs ?? 0)
  expect(gc?.observedMs).toBeLessThanOrEqual(durationMs)
})

it('a report says how many calls were in flight when this one began', async () => {
  const { app, report } = await buildApp({ maxMs: NEVER_MS })
  const gate = createGate()
  app.get('/waits', () => gate.opened.then(() => 'ok'))
  app.get('/slow', { slowCall: 1 }, () => sleep(30).then(() => 'ok'))
  const address = await listen(app)
  const waiting = [fetch(`${address}/waits`), fetch(`${address}/waits`)]
  await until(() => app.slowCall.stats().inFlight === 2)
  await fetch(`${address}/slow`)
  expect((await report()).inFlightAtStart).toBe(2)
  gate.open()
  await Promise.all(waiting)
  expect(app.slowCall.stats().inFlight).toBe(0)
})

it.each(['before', 'after'])(
  'another plugin’s own writeHead is kept, set %s ours',
  async (order) => {
    const app = Fastify()
    onTestFinished(() => app.close())
    await app.register(scsPlugin, { audit: false })
    if (order === 'after') await app.register(slowCall)
    app.addHook('onRequest', (_request, reply, done) => {
      const { writeHead } = reply.raw
      reply.raw.writeHead = function own(this: typeof reply.raw, ...args: unknown[]) {
        this.setHeader('x-late', 'yes')
        return Reflect.apply(writeHead, this, args)
      } as typeof writeHead
      done()
    })
    if (order === 'before') await app.register(slowCall)
    app.get('/', () => ({ ok: true }))
    const answer = await fetch(await listen(app))
    expect([answer.headers.get('x-late'), await answer.json()]).toEqual(['yes', { ok: true }])
    expect(app.slowCall.stats().routes[0]?.calls).toBe(1)
  },
)

it('a handler that another plugin calls with arguments of its own still works', async () => {
  const { app } = await buildApp()
  app.addHook('onRoute', (route) => {
    const { handler } = route
    route.handler = () => Reflect.apply(handler, app, [])
  })
  app.get('/', () => 'ok')
  expect(await (await fetch(await listen(app))).text()).toBe('ok')
})

it('an Error model returned by a slow call is answered like that of a fast one', async () => {
  const { app, report } = await buildApp({ maxMs: 20 })
  app.get('/', async (_request, reply) => {
    await until(() => Object.hasOwn(reply, 'send'))
    return reply.send({ error: 'NO_STOCK', status: 409 })
  })
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.json()]).toEqual([
    409,
    { error: { id: 'no-stock', message: 'Conflict' } },
  ])
  expect(await report()).toMatchObject({ status: 409 })
})

// Fastify binds each handler, which puts the word in front.
it('a handler keeps its name, by which tracers call their spans', async () => {
  const { app } = await buildApp()
  const names: unknown[] = []
  app.addHook('onRequest', async (request) => {
    names.push(request.routeOptions.handler.name)
  })
  app.get('/', async function listOrders() {
    return []
  })
  app.post('/', { handler: async () => [] })
  app.get('/bound', (async () => []).bind(app))
  for (const [method, url] of [
    ['GET', '/'],
    ['POST', '/'],
    ['GET', '/bound'],
  ] as const)
    await app.inject({ method, url })
  expect(names).toEqual(['bound listOrders', 'bound handler', 'bound bound '])
})

it('watching a slow call does not load the built-in fetch, which puts its dispatcher in place', {
  timeout: 60_000,
}, async () => {
  const program = join(import.meta.dirname, 'programs', 'slow-object.mjs')
  const { stdout } = await promisify(execFile)(process.execPath, [program])
  expect(JSON.parse(stdout)).toEqual({ reports: 1, isPlaced: false })
})
