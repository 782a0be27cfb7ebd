import { once } from 'node:events'
import { connect } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BuildOptions, buildApp, onlyReport, type TestApp } from './build-app.js'
import { type Gate, gate } from './gate.js'

let app: FastifyInstance | undefined
/** Opened when the client has the first bytes of an answer. */
let firstBytes: Gate
beforeEach(() => {
  firstBytes = gate()
})
afterEach(async () => {
  await app?.close()
})

async function serve(
  add: (app: FastifyInstance) => unknown,
  options: BuildOptions = {},
): Promise<{ test: TestApp; address: string; port: number }> {
  const test = await buildApp(options)
  app = test.app
  add(app)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  return { test, address, port: Number(new URL(address).port) }
}

/** Reads an answer to its end or its break; returns what came. */
async function read(address: string): Promise<string> {
  let text = ''
  try {
    const { body } = await fetch(address)
    for await (const chunk of body ?? []) {
      text += Buffer.from(chunk).toString()
      firstBytes.open()
    }
  } catch {
    return `${text} [broken]`
  }
  return text
}

/** Waits for the report of an answer that breaks; the client may see it before the server does. */
async function brokenReport(test: TestApp) {
  while (test.calls.length === 0) await test.reported()
  return onlyReport(test)
}

/** What undici's own Response looks like where it is not the one of Node. */
function foreignResponse(): object {
  return {
    status: 200,
    headers: new Headers(),
    bodyUsed: false,
    body: failingWebStream(),
    [Symbol.toStringTag]: 'Response',
  }
}

const interrupted = {
  title: 'FATAL BACKEND ERROR orders 500 SERVER_ERROR: GET /: the disk is gone',
  is_fatal_error: true,
  error_caught: { name: 'Error', message: 'the disk is gone' },
  response: { status: 200, interrupted: true },
}

describe('an answer that breaks off after its first byte is a crash', () => {
  it('of a Node stream', async () => {
    const { test, address } = await serve((app) =>
      app.get('/', (_request, reply) => {
        const stream = new PassThrough()
        stream.write('first')
        void firstBytes.opened.then(() => stream.destroy(new Error('the disk is gone')))
        void reply.send(stream)
      }),
    )
    expect(await read(address)).toBe('first [broken]')
    expect(await brokenReport(test)).toMatchObject(interrupted)
  })

  it('of a web stream', async () => {
    const { test, address } = await serve((app) => app.get('/', async () => failingWebStream()))
    expect(await read(address)).toBe('first [broken]')
    expect(await brokenReport(test)).toMatchObject(interrupted)
  })

  it('of a fetch Response that is handed on', async () => {
    const { test, address } = await serve((app) =>
      app.get('/', async () => new Response(failingWebStream())),
    )
    expect(await read(address)).toBe('first [broken]')
    expect(await brokenReport(test)).toMatchObject(interrupted)
  })

  it('of a Response that another copy of undici has made', async () => {
    const { test, address } = await serve((app) =>
      app.get('/', (_request, reply) => reply.send(foreignResponse())),
    )
    expect(await read(address)).toBe('first [broken]')
    expect(await brokenReport(test)).toMatchObject(interrupted)
  })

  it('of another service whose connection breaks while its answer is handed on', async () => {
    const { test, address } = await serve((app) => {
      app.get('/upstream', (_request, reply) => {
        reply.hijack()
        reply.raw.writeHead(200)
        reply.raw.write('first')
        void firstBytes.opened.then(() => reply.raw.destroy())
      })
      app.get('/', async (request) => fetch(`http://${request.host}/upstream`))
    })
    expect(await read(address)).toBe('first [broken]')
    const report = await brokenReport(test)
    expect(report.error_caught).toMatchObject({ name: 'TypeError', message: 'terminated' })
    expect(report.response).toMatchObject({ status: 200, interrupted: true })
  })

  it('of a handler that has begun the raw answer and throws', async () => {
    const { test, address } = await serve((app) =>
      app.get('/', (_request, reply) => {
        reply.raw.writeHead(200)
        reply.raw.write('first')
        throw new Error('the disk is gone')
      }),
    )
    await read(address)
    expect(await brokenReport(test)).toMatchObject(interrupted)
  })

  it('of a handler that has begun the raw answer and throws, where a child handles errors', async () => {
    const { test, address } = await serve((app) =>
      app.register(async (child) => {
        child.setErrorHandler((_error, _request, reply) => void reply.raw.destroy())
        child.get('/', (_request, reply) => {
          reply.raw.writeHead(200)
          reply.raw.write('first')
          throw new Error('the disk is gone')
        })
      }),
    )
    await read(address)
    expect(await brokenReport(test)).toMatchObject(interrupted)
  })

  it('of a handler that times out while its stream is sent', async () => {
    const { test, address } = await serve(
      (app) =>
        app.get('/', (_request, reply) => {
          const stream = new PassThrough()
          stream.write('first')
          return reply.send(stream)
        }),
      { server: { handlerTimeout: 60 } },
    )
    expect(await read(address)).toBe('first [broken]')
    const report = await brokenReport(test)
    expect(report.title).toMatch(
      /^FATAL BACKEND ERROR orders 503 FST_ERR_HANDLER_TIMEOUT: GET \/: /,
    )
    expect(report.response).toMatchObject({ status: 200, interrupted: true })
  })
})

it('a handler that times out is a crash with status 503', async () => {
  const test = await buildApp({ server: { handlerTimeout: 20 } })
  app = test.app
  app.get('/', () => new Promise(() => undefined))
  const answer = await app.inject('/')
  const report = await onlyReport(test)
  expect(report.response).toMatchObject({ status: 503, interrupted: false })
  expect(report.error_caught).toMatchObject({ code: 'FST_ERR_HANDLER_TIMEOUT' })
  expect(answer.headers['x-error-id']).toBe(report.error_id)
})

describe('a client disconnect is not a crash', () => {
  /** Asks, waits for `begun`, goes away, and returns when the server has noticed. */
  async function askAndGo(
    port: number,
    begun: Promise<unknown>,
    gone: Promise<unknown>,
    request = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n',
  ) {
    const socket = connect(port, '127.0.0.1')
    socket.write(request)
    await begun
    socket.destroy()
    await gone
  }

  it('while its answer is streamed', async () => {
    const begun = gate()
    const gone = gate()
    const { test, port } = await serve((app) =>
      app.get('/', (_request, reply) => {
        const stream = Readable.from(
          (async function* () {
            for (;;) {
              yield 'x'.repeat(1000)
              await new Promise((resolve) => setImmediate(resolve))
              begun.open()
            }
          })(),
        )
        reply.raw.once('close', () => setImmediate(gone.open))
        return reply.send(stream)
      }),
    )
    await askAndGo(port, begun.opened, gone.opened)
    expect(await test.reported()).toEqual([])
  })

  it.each([
    ['GET', ''],
    ['POST', 'content-type: text/plain\r\ncontent-length: 4\r\n\r\nbody'],
  ])('while the handler of a %s works, whose calls are then aborted', async (method, rest) => {
    const begun = gate()
    const failed = gate()
    const { test, port } = await serve((app) => {
      app.addHook('onError', async () => void setImmediate(failed.open))
      app.route({
        method: ['GET', 'POST'],
        url: '/',
        handler: async (request) => {
          begun.open()
          await once(request.raw.socket, 'close')
          throw new DOMException('This operation was aborted', 'AbortError')
        },
      })
    })
    const request = `${method} / HTTP/1.1\r\nhost: a\r\n${rest === '' ? '\r\n' : rest}`
    await askAndGo(port, begun.opened, failed.opened, request)
    expect(await test.reported()).toEqual([])
    expect(test.app.errorReporter.stats().reported.fatal).toBe(0)
  })

  it.each([
    { name: 'CanceledError', code: 'ERR_CANCELED', isAxiosError: true, config: {} },
    { name: 'RequestAbortedError', code: 'UND_ERR_ABORTED' },
    { code: 'ABORTED' },
  ])('while an HTTP client of the handler is cancelled for it: %j', async (fields) => {
    const begun = gate()
    const failed = gate()
    const { test, port } = await serve((app) => {
      app.addHook('onError', async () => void setImmediate(failed.open))
      app.get('/', async (request) => {
        begun.open()
        await once(request.raw.socket, 'close')
        throw Object.assign(new Error('canceled'), fields)
      })
    })
    await askAndGo(port, begun.opened, failed.opened)
    expect(await test.reported()).toEqual([])
  })

  it('but a bug after the disconnect is one', async () => {
    const begun = gate()
    const { test, port } = await serve((app) =>
      app.get('/', async (request) => {
        begun.open()
        await once(request.raw.socket, 'close')
        throw new TypeError('not a function')
      }),
    )
    await askAndGo(port, begun.opened, Promise.resolve())
    expect((await brokenReport(test)).title).toContain('not a function')
  })
})

it('an answer that breaks off by an error below 500 is not a crash', async () => {
  const { test, address } = await serve((app) =>
    app.get('/', (_request, reply) => {
      reply.raw.writeHead(200)
      reply.raw.write('first')
      throw Object.assign(new Error('not there'), { statusCode: 404 })
    }),
  )
  await read(address)
  expect(await test.reported()).toEqual([])
})

it('a stream that ends normally is not a crash', async () => {
  const { test, address } = await serve((app) => {
    app.get('/', (_request, reply) => reply.send(Readable.from(['all', ' of it'])))
    app.get('/web', async () => new Response(new Blob(['all of it']).stream()))
  })
  expect([await read(address), await read(`${address}/web`)]).toEqual(['all of it', 'all of it'])
  expect(await test.reported()).toEqual([])
})

function failingWebStream(): ReadableStream {
  let pulls = 0
  return new ReadableStream({
    async pull(controller) {
      if (pulls++ === 0) controller.enqueue(Buffer.from('first'))
      else {
        await firstBytes.opened
        controller.error(new Error('the disk is gone'))
      }
    },
  })
}
