// Where it goes wrong: each place is a route that does the kind of its query at that place.
import { EventEmitter } from 'node:events'
import { Readable } from 'node:stream'
import { deeds, payloads } from './kinds.mjs'

const kinds = { ...deeds, ...payloads }
const act = (request, reply) => kinds[request.query.kind](request, reply)
const ok = async () => ({ ok: true })
const boom = () => {
  throw new Error('the first failure')
}

const hook = (name) => (app, url) =>
  app.get(url, { [name]: async (request, reply) => void (await act(request, reply)) }, ok)
const callbackHook = (name) => (app, url) => {
  // Three parameters, or four with a payload: Fastify counts them.
  const three = (request, reply, done) => {
    act(request, reply)
    done()
  }
  const four = (request, reply, _payload, done) => three(request, reply, done)
  const hasPayload = ['preParsing', 'preSerialization', 'onSend', 'onError'].includes(name)
  app.get(url, { [name]: hasPayload ? four : three }, ok)
}
const failing = (name, isAsync) => (app, url) => {
  const async4 = async (request, reply) => void (await act(request, reply))
  const sync4 = (request, reply, _payload, done) => {
    act(request, reply)
    done()
  }
  app.get(url, { [name]: isAsync ? async4 : sync4 }, async () => boom())
}
const returned = (isAsync) => (app, url) => {
  const give = (request, reply) => {
    const payload = act(request, reply)
    return payload === undefined && !reply.sent ? { ok: true } : payload
  }
  app.get(url, isAsync ? async (request, reply) => give(request, reply) : give)
}

/** Places where a payload is given; they take every kind. */
export const givers = {
  'an async handler that returns': returned(true),
  'a sync handler that returns': returned(false),
  'a sync handler that sends': (app, url) =>
    app.get(url, (request, reply) => {
      const payload = act(request, reply)
      if (!reply.sent) reply.send(payload === undefined ? { ok: true } : payload)
    }),
  'an async handler that sends later': (app, url) =>
    app.get(url, async (request, reply) => {
      await null
      const payload = await act(request, reply)
      if (!reply.sent) reply.send(payload === undefined ? { ok: true } : payload)
      return reply
    }),
  'an async onSend hook that replaces the payload': (app, url) =>
    app.get(url, { onSend: async (request, reply) => await act(request, reply) }, ok),
}

/** Places where something is done beside the payload; they take the deeds. */
export const places = {
  ...Object.fromEntries(
    [
      'onRequest',
      'preParsing',
      'preValidation',
      'preHandler',
      'preSerialization',
      'onSend',
    ].flatMap((name) => [
      [`an async ${name} hook`, hook(name)],
      [`a callback ${name} hook`, callbackHook(name)],
    ]),
  ),
  'an async onSend hook of an error answer': failing('onSend', true),
  'a callback onSend hook of an error answer': failing('onSend', false),
  'an async preSerialization hook of an error answer': failing('preSerialization', true),
  'an async onError hook': failing('onError', true),
  'a callback onError hook': failing('onError', false),
  'an onResponse hook': hook('onResponse'),
  'a handler that returns text': (app, url) =>
    app.get(url, async (request, reply) => {
      await act(request, reply)
      return reply.sent ? undefined : 'text'
    }),
  'a handler that returns a stream': (app, url) =>
    app.get(url, async (request, reply) => {
      await act(request, reply)
      return reply.sent ? undefined : Readable.from(['a', 'b'])
    }),
  'a handler that returns a Response': (app, url) =>
    app.get(url, async (request, reply) => {
      await act(request, reply)
      return reply.sent ? undefined : new Response('x', { headers: { etag: '"1"' } })
    }),
  'a handler of HEAD': (app, url) =>
    app.head(url, async (request, reply) => {
      await act(request, reply)
      return reply.sent ? undefined : { ok: true }
    }),
  'a handler of POST': (app, url) =>
    app.post(url, async (request, reply) => {
      await act(request, reply)
      return reply.sent ? undefined : { ok: true }
    }),
  'a preParsing hook of POST': (app, url) =>
    app.post(url, { preParsing: async (request, reply) => void act(request, reply) }, ok),
  'a handler with a response schema': (app, url) => {
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } } }
    app.get(url, { schema: { response: { default: schema } } }, async (request, reply) => {
      await act(request, reply)
      return reply.sent ? undefined : { ok: true }
    })
  },
  'a serializer': (app, url) =>
    app.get(url, async (request, reply) => {
      reply.serializer(() => {
        act(request, reply)
        return 'text'
      })
      return { ok: true }
    }),
  'the read of a stream': (app, url) =>
    app.get(url, async (request, reply) =>
      Readable.from(
        (async function* () {
          await act(request, reply)
          yield 'a'
        })(),
      ),
    ),
  'a trailer': (app, url) =>
    app.get(url, async (request, reply) => {
      reply.trailer('x-t', async () => {
        act(request, reply)
        return 'v'
      })
      return { ok: true }
    }),
  'a sync error handler of a child': (app, url) =>
    child(app, url, (error, request, reply) => {
      act(request, reply)
      if (!reply.sent) reply.code(418).send({ own: error.message })
    }),
  'an async error handler of a child': (app, url) =>
    child(app, url, async (error, request, reply) => {
      await act(request, reply)
      return reply.sent ? undefined : { own: error.message }
    }),
  'a not-found handler of a child': (app, url) =>
    app.register(
      async (scope) =>
        scope.setNotFoundHandler(async (request, reply) => {
          await act(request, reply)
          return reply.sent ? undefined : reply.code(404).send({ own: 'nowhere' })
        }),
      { prefix: url },
    ),
  'a hook of an unknown route': (app, url) =>
    app.register(
      async (scope) => {
        scope.addHook('onSend', async (request, reply) => void act(request, reply))
        scope.setNotFoundHandler()
      },
      { prefix: url },
    ),
}

function child(app, url, handler) {
  app.register(async (scope) => {
    scope.setErrorHandler(handler)
    scope.get(url, boom)
  })
}

/** Tells, by its URL, of a request that waits for its client to leave. */
export const begun = new EventEmitter()

/** Places that only a connection of HTTP/1.1 has. */
export const connectionPlaces = {
  'an onTimeout hook': (app, url) =>
    app.get(
      url,
      { onTimeout: async (request, reply) => void (await act(request, reply)) },
      waitForTimeout,
    ),
  'an onRequestAbort hook': (app, url) =>
    app.get(
      url,
      { onRequestAbort: async (request) => void act(request, request.testReply) },
      leftAlone,
    ),
  'a callback onRequestAbort hook': (app, url) => {
    const onRequestAbort = (request, done) => {
      act(request, request.testReply)
      done()
    }
    app.get(url, { onRequestAbort }, leftAlone)
  },
}

function waitForTimeout(request) {
  request.raw.socket.setTimeout(20)
  return new Promise(() => undefined)
}

function leftAlone(request) {
  begun.emit(request.url)
  return new Promise(() => undefined)
}

/** Functions that core is given; the query says which of them fails. */
export const callbacks = ['errorFormat', 'errorDecorator', 'user', 'failureObserver']

/** What a callback does for a request that asks for it. */
export function callback(name, request, otherwise) {
  if (request?.query?.callback !== name) return otherwise
  return act(request, request.testReply)
}
