// What goes wrong: each kind is done by a handler or a hook; it throws, spoils the reply or returns a payload.
import { PassThrough, Readable } from 'node:stream'

const EURO = 'attachment; filename="€.pdf"'
const boom = (fields) => Object.assign(new Error('secret detail'), fields)
const fail = (value) => {
  throw value
}
const sprung = () => fail(new Error('the trap was sprung'))
const trap = {
  get: sprung,
  has: sprung,
  getPrototypeOf: sprung,
  ownKeys: sprung,
  getOwnPropertyDescriptor: sprung,
}

const thrown = {
  'throws an error': () => fail(boom()),
  'throws null': () => fail(null),
  'throws undefined': () => fail(undefined),
  'throws a string': () => fail('secret detail'),
  'throws a symbol': () => fail(Symbol('secret detail')),
  'throws a frozen error': () => fail(Object.freeze(boom())),
  'throws a Proxy that throws': () => fail(new Proxy(new Error('x'), trap)),
  'throws an error with a bad header value': () => fail(boom({ headers: { 'retry-after': '€' } })),
  'throws an error with a header of two lines': () =>
    fail(boom({ statusCode: 404, headers: { allow: 'a\r\nset-cookie: x=1' } })),
  'throws an error with a bad header name': () => fail(boom({ headers: { 'x b': '1' } })),
  'throws an error with headers that are null': () => fail(boom({ headers: null })),
  'throws an error whose headers throw': () =>
    fail(Object.defineProperty(boom({ statusCode: 404 }), 'headers', { get: sprung })),
  'throws an error with a header that throws': () =>
    fail(boom({ headers: { 'retry-after': { toString: sprung } } })),
  'throws an error with the headers of a body': () =>
    fail(
      boom({
        statusCode: 404,
        headers: { 'content-length': '3', 'transfer-encoding': 'chunked', connection: 'close' },
      }),
    ),
  'throws an error with status 1000': () => fail(boom({ statusCode: 1000 })),
  'throws an error with status 204': () => fail(boom({ statusCode: 204 })),
}

const header = (name, value) => (_request, reply) => void reply.header(name, value)

const spoilt = {
  'sets a header above U+00FF': header('content-disposition', EURO),
  'sets a header of two lines': header('x-name', 'a\r\nset-cookie: x=1'),
  'sets a header with a zero byte': header('x-name', 'a\0b'),
  'sets a header that lists undefined': header('link', ['</a>', undefined]),
  'sets a header that is a symbol': header('x-name', Symbol('x')),
  'sets a header that throws': header('x-name', { toString: sprung }),
  'sets a header whose list throws': header('x-name', ['a', { toString: sprung }]),
  'sets a header with a space in its name': header('x name', '1'),
  'sets a header with an empty name': header('', '1'),
  'sets a header of a pseudo name': header(':status', '200'),
  'sets connection': header('connection', 'close'),
  'sets transfer-encoding and throws': (_request, reply) => {
    reply.header('transfer-encoding', 'chunked')
    throw boom()
  },
  'sets http2-settings': header('http2-settings', 'x'),
  'sets two content types': header('content-type', ['text/plain', 'text/html']),
  'sets a wrong content-length': header('content-length', '3'),
  'sets a content-length that is none': header('content-length', 'three'),
  'sets the cookie above U+00FF': header('set-cookie', ['a=b', 'name=€']),
  'sets a raw header that lists undefined': (_request, reply) =>
    void reply.raw.setHeader('x-name', ['a', undefined]),
  'sets status 1000': (_request, reply) => void reply.code(1000),
  'sets the raw status 1000': (_request, reply) => {
    reply.raw.statusCode = 1000
  },
  'sets a bad status message': (_request, reply) => {
    reply.raw.statusMessage = 'a\r\nb'
  },
  'sets 204 and a bad header': (_request, reply) => void reply.code(204).header('x-name', '€'),
  'sets 304 and a bad header': (_request, reply) => void reply.code(304).header('x-name', '€'),
  'sets a trailer above U+00FF': (_request, reply) => void reply.trailer('x-t', async () => '€'),
  'sets a trailer of two lines': (_request, reply) =>
    void reply.trailer('x-t', (_reply, _payload, done) => done(null, 'a\r\nb')),
  'sets a trailer that throws': (_request, reply) => void reply.trailer('x-t', sprung),
  'sets a trailer that rejects': (_request, reply) =>
    void reply.trailer('x-t', async () => sprung()),
  'sets a trailer that returns null': (_request, reply) => void reply.trailer('x-t', () => null),
  'sets a trailer of undefined': (_request, reply) =>
    void reply.trailer('x-t', async () => undefined),
  'sets a trailer with a space in its name': (_request, reply) =>
    void reply.trailer('x t', async () => '1'),
  'sets a trailer and throws': (_request, reply) => {
    reply.trailer('x-t', async () => '€')
    throw boom()
  },
  'sets a header above U+00FF and throws': (_request, reply) => {
    reply.header('content-disposition', EURO)
    throw boom({ statusCode: 404 })
  },
  'sets a serializer that throws': (_request, reply) => void reply.serializer(sprung),
  'sets a serializer that throws null': (_request, reply) =>
    void reply.serializer(() => fail(null)),
  'sets a serializer of objects': (_request, reply) =>
    void reply.serializer(() => ({ no: 'text' })),
  'sends a bad hint': (_request, reply) => void reply.writeEarlyHints({ link: 'no link' }),
  'sends a hint and throws': (_request, reply) => {
    reply.writeEarlyHints({ link: '</a>; rel=preload' })
    throw boom()
  },
}

const sent = {
  'writes the head by hand': (_request, reply) => void reply.raw.writeHead(200),
  'writes by hand and throws': (_request, reply) => {
    reply.raw.writeHead(200)
    reply.raw.write('half')
    throw boom()
  },
  'ends by hand and throws': (_request, reply) => {
    reply.raw.end('done')
    throw boom()
  },
  'sends, then throws': (_request, reply) => {
    reply.send({ first: true })
    throw boom()
  },
  'sends twice': (_request, reply) => {
    reply.send({ first: true })
    reply.send({ second: true })
  },
  'sends an error twice': (_request, reply) => {
    reply.send(boom())
    reply.send(boom())
  },
  'redirects above U+00FF': (_request, reply) => void reply.redirect('/list?q=€'),
}

const lockedStream = () => {
  const stream = new ReadableStream()
  stream.getReader()
  return stream
}
const usedResponse = async () => {
  const response = new Response('x')
  await response.text()
  return response
}

/** Kinds that are payloads: they only make sense where a payload is given. */
export const payloads = {
  'an object as text': (_request, reply) => {
    reply.type('text/plain')
    return { no: 'text' }
  },
  'a function': () => () => 1,
  'a toJSON that throws': () => ({ toJSON: sprung }),
  'a toJSON that throws null': () => ({ toJSON: () => fail(null) }),
  'a toJSON that throws a frozen error': () => ({ toJSON: () => fail(Object.freeze(boom())) }),
  'a Proxy that throws': () => new Proxy({}, trap),
  'a bigint': () => ({ big: 1n }),
  'a stream of objects': () => Readable.from([{ no: 'bytes' }]),
  'a stream of objects, later': () => {
    const stream = new PassThrough({ objectMode: true })
    setImmediate(() => stream.end({ no: 'bytes' }))
    return stream
  },
  'a stream of text, then an object': () => Readable.from(['first', { no: 'bytes' }]),
  'a web stream of objects': () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue({ no: 'bytes' })
        controller.close()
      },
    }),
  'a web stream of text, then null': () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue('first')
        controller.enqueue(null)
        controller.close()
      },
    }),
  'a Response of a web stream of objects': () =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue({ no: 'bytes' })
          controller.close()
        },
      }),
    ),
  'a stream that fails': () =>
    new Readable({
      read() {
        this.destroy(boom())
      },
    }),
  'a stream that fails after its first byte': () =>
    Readable.from(
      (async function* () {
        yield 'first'
        throw boom()
      })(),
    ),
  'a stream that throws in its read': () => new Readable({ read: sprung }),
  'a stream with a bad header': (_request, reply) => {
    reply.header('x-good', '1').header('content-disposition', EURO)
    return Readable.from(['a'])
  },
  'a stream of 204 with a bad header': (_request, reply) => {
    reply.code(204).header('x-name', '€')
    return Readable.from(['a'])
  },
  'an object with a pipe that throws': () => ({ pipe: sprung }),
  'a destroyed stream': () => new PassThrough().destroy(),
  'a locked web stream': lockedStream,
  'a web stream that fails': () =>
    new ReadableStream({ start: (controller) => controller.error(boom()) }),
  'a web stream that fails with null': () =>
    new ReadableStream({ start: (controller) => controller.error(null) }),
  'a used Response': usedResponse,
  'Response.error()': () => Response.error(),
  'a Response of a stream that fails': () =>
    new Response(new ReadableStream({ start: (controller) => controller.error(boom()) })),
  'a Response with a bad header beside it': (_request, reply) => {
    reply.header('x-name', '€')
    return new Response('x', { headers: { etag: '"1"', 'content-encoding': 'identity' } })
  },
  'a Response of 204 with a bad header beside it': (_request, reply) => {
    reply.header('x-name', '€')
    return new Response(null, { status: 204 })
  },
}

/** Kinds that can be done anywhere. */
export const deeds = { ...thrown, ...spoilt, ...sent }

/**
 * Kinds for a place that `send` itself runs, where sending runs it again, for ever, in bare Fastify as well; and for the
 * functions that core is given, which have no reply.
 */
export const deedsWithin = { ...thrown, ...spoilt }
