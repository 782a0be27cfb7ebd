import { once } from 'node:events'
import { get } from 'node:http'
import { connect } from 'node:http2'
import { Readable } from 'node:stream'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { onAnswerEnd } from '../../src/request/answer-end.js'

type Send = (path: string, method: string) => Promise<unknown>

interface Tested {
  readonly app: FastifyInstance
  /** How each answer ended, in their order. */
  readonly ends: boolean[]
  /** Resolves with the next end. */
  next(): Promise<boolean>
}

function build(options: object = {}): Tested {
  const app = Fastify({ forceCloseConnections: true, ...options } as FastifyServerOptions)
  const ends: boolean[] = []
  let wake: (isWhole: boolean) => void = () => undefined
  app.addHook('onRequest', (_request, reply, done) => {
    onAnswerEnd(reply.raw, (isWhole) => {
      ends.push(isWhole)
      wake(isWhole)
    })
    done()
  })
  app.get('/text', () => 'text')
  app.get('/none', (_request, reply) => reply.code(204).send())
  app.get('/stream', () => Readable.from(['one', 'two']))
  app.get('/waits', () => new Promise(() => undefined))
  app.get('/begins', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200)
    reply.raw.write('the beginning')
  })
  app.get('/breaks', (_request, reply) => {
    reply.hijack()
    reply.raw.write('the beginning')
    reply.raw.destroy()
  })
  onTestFinished(() => app.close())
  const next = (): Promise<boolean> =>
    new Promise((resolve) => {
      wake = resolve
    })
  return { app, ends, next }
}

const listen = { port: 0, host: '127.0.0.1' }

async function byInject(): Promise<Tested & { send: Send; leave: Send }> {
  const tested = build()
  const send: Send = (url, method) =>
    tested.app.inject({ url, method: method as 'GET' }).catch(() => undefined)
  return { ...tested, send, leave: send }
}

async function byHttp1(): Promise<Tested & { send: Send; leave: Send }> {
  const tested = build()
  const origin = await tested.app.listen(listen)
  const send: Send = async (path, method) => {
    const sent = get(origin + path, { method, agent: false })
    await once(sent, 'response').then(
      ([response]) => response.on('error', () => undefined).resume(),
      () => undefined,
    )
  }
  const leave: Send = async (path) => {
    const arrived = new Promise<void>((resolve) =>
      tested.app.server.once('request', () => resolve()),
    )
    const sent = get(origin + path, { agent: false }).on('error', () => undefined)
    await Promise.all([arrived, path === '/begins' ? once(sent, 'response') : undefined])
    sent.destroy()
  }
  return { ...tested, send, leave }
}

async function byHttp2(): Promise<Tested & { send: Send; leave: Send }> {
  const tested = build({ http2: true })
  const session = connect(await tested.app.listen(listen))
  onTestFinished(() => session.destroy())
  const open = (path: string, method: string) =>
    session.request({ ':path': path, ':method': method }).on('error', () => undefined)
  const send: Send = async (path, method) => void open(path, method).resume()
  const leave: Send = async (path, method) => {
    const arrived = new Promise<void>((resolve) =>
      tested.app.server.once('request', () => resolve()),
    )
    const stream = open(path, method)
    await Promise.all([arrived, path === '/begins' ? once(stream, 'response') : undefined])
    stream.close(8)
  }
  return { ...tested, send, leave }
}

const ways = [
  ['inject', byInject],
  ['HTTP/1', byHttp1],
  ['HTTP/2', byHttp2],
] as const

it.each(
  ways.flatMap(([way, start]) =>
    ['GET /text', 'HEAD /text', 'GET /none', 'GET /stream'].map(
      (call) => [way, call, start] as const,
    ),
  ),
)('an answer by %s that was sent to its end is whole: %s', async (_way, call, start) => {
  const { send, next, ends } = await start()
  const [method = '', path = ''] = call.split(' ')
  const end = next()
  await send(path, method)
  expect(await end).toBe(true)
  expect(ends).toEqual([true])
})

it.each(ways)('an answer by %s that the service breaks off is not', async (_way, start) => {
  const { send, next } = await start()
  const end = next()
  await send('/breaks', 'GET')
  expect(await end).toBe(false)
})

it.each(
  ways
    .slice(1)
    .flatMap(([way, start]) => ['/waits', '/begins'].map((path) => [way, path, start] as const)),
)('an answer by %s whose client leaves is not: %s', async (_way, path, start) => {
  const { leave, next, ends } = await start()
  const end = next()
  await leave(path, 'GET')
  expect(await end).toBe(false)
  expect(ends).toEqual([false])
})
