import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { type AppSetup, buildApp } from '../build-app.js'
import { listen, rawRequest } from '../raw-request.js'

let app: FastifyInstance | undefined

afterEach(() => app?.close())

/** Everything a stranger might try, `PREFIX` being where the console is or where nothing is. */
const ATTEMPTS: readonly (readonly [head: string, body?: string])[] = [
  ...[
    ...['PREFIX', 'PREFIX/', 'PREFIX?x=1', 'PREFIX/?x=1', 'PREFIX//', 'PREFIX/groups/abc'],
    ...[
      'PREFIX/reference/Order/42',
      'PREFIX/assets/index.js',
      'PREFIX/assets/..%2f..%2fpackage.json',
    ],
    ...['PREFIX/api', 'PREFIX/api/session', 'PREFIX/api/session?x=1', 'PREFIX/api/nothing'],
    ...[
      'PREFIX/api/groups?limit=wrong',
      'PREFIX/api/groups/abc',
      'PREFIX/api/store',
      'PREFIX/api/series',
    ],
    ...['PREFIX/api/records/reports', 'PREFIX/api/records/reports/01', 'PREFIX/api/records/no'],
    ...['PREFIX/api/live', 'PREFIX/api/export/reports?format=csv', 'PREFIX/api/requests/req-1'],
    `PREFIX/${'a'.repeat(3_000)}`,
    `PREFIX/api/records/reports/${'a'.repeat(300)}`,
    ...[
      'PREFIX%2fapi',
      'PREFIX/%2f%2f',
      'PREFIX/%zz',
      'PREFIX/%',
      'PREFIX/api/groups/%c3%28',
      'PREFIX/%25zz',
    ],
    ...[
      'PREFIX;x',
      'PREFIX/#x',
      'PREFIX/api/../api/session',
      'http://service.test:80PREFIX/api/session',
    ],
  ].flatMap((path) =>
    ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'].map(
      (method) => [`${method} ${path} HTTP/1.1`] as const,
    ),
  ),
  ...['PREFIX', 'PREFIX/api/groups/abc', 'PREFIX/api/integration_requests/01/retry'].flatMap(
    (path) => {
      const post = (type: string, body: string, length = body.length) =>
        [
          `POST ${path} HTTP/1.1\r\nContent-Type: ${type}\r\nContent-Length: ${length}`,
          body,
        ] as const
      return [
        post('application/json', '{"revision":0}'),
        post('application/json', '{"revision":'),
        post('application/json', ''),
        post('application/json', '{"__proto__":1}'),
        post('text/plain', 'hello'),
        post('application/x-unknown', 'hello'),
        post('wrong', 'hello'),
        post('application/json', `"${'a'.repeat(5_000)}"`),
        post('application/json', '{}', 1e9),
        [
          `POST ${path} HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain`,
          '2\r\nhi\r\n0\r\n\r\n',
        ] as const,
      ]
    },
  ),
  ['GET PREFIX HTTP/1.1\r\nAccept: application/problem+json'],
  ['GET PREFIX HTTP/1.1\r\nAccept-Encoding: gzip\r\nIf-None-Match: *\r\nRange: bytes=0-1'],
  [
    'GET PREFIX/api/session HTTP/1.1\r\nOrigin: http://service.test\r\nCookie: scs-token=1\r\nX-Scs-Token: 1',
  ],
  [
    'OPTIONS PREFIX/api/session HTTP/1.1\r\nOrigin: http://a.test\r\nAccess-Control-Request-Method: GET',
  ],
  ['GET PREFIX/api/session HTTP/1.0'],
  ['GET PREFIX/api/live HTTP/1.1\r\nLast-Event-ID: 1.1\r\nAccept: text/event-stream'],
  [
    'POST PREFIX HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\nContent-Type: text/plain',
    'hi',
  ],
]

const notFound: AppSetup['before'] = (app) =>
  app.setNotFoundHandler((request, reply) =>
    reply.header('x-own', 'yes').send({
      none: request.url,
      is404: request.is404,
      params: request.params,
      route: request.routeOptions.url ?? null,
      body: request.body ?? null,
    }),
  )

const hooks: AppSetup['after'] = (app) => {
  app.addHook('onRequest', async (_request, reply) => void reply.header('x-late', '1'))
  app.addHook('preHandler', async (_request, reply) => void reply.header('x-handled', '1'))
  app.addHook('onSend', async (request, _reply, payload) => {
    await new Promise((resolve) => setTimeout(resolve, 1))
    return typeof payload === 'string' ? `${payload} ${request.method}` : payload
  })
}

const small = { bodyLimit: 1_000 }
const SETUPS: Readonly<Record<string, AppSetup>> = {
  "core's own answer": { server: small },
  'the format problem': { server: small, core: { errorFormat: 'problem' } },
  'the format pymacaron': { server: small, core: { errorFormat: 'pymacaron' } },
  'a format of its own': {
    server: small,
    core: { errorFormat: (error, request) => `${error.status} ${request.url}` },
  },
  'without 405': { server: small, core: { methodNotAllowed: false } },
  'a not-found handler of its own': { server: small, before: notFound },
  'a not-found handler that was set later': { server: small, after: notFound },
  'CORS, helmet and a rate limit': {
    server: small,
    before: async (app) => {
      await app.register(cors, { origin: true })
      await app.register(helmet)
      await app.register(rateLimit, { max: 1_000_000 })
    },
  },
  'CORS that is strict about preflights': {
    server: small,
    before: (app) => app.register(cors, { strictPreflight: true, origin: /test$/ }),
  },
  'hooks that are added later': { server: small, after: hooks },
  'a router that takes much': {
    server: {
      ...small,
      routerOptions: {
        ignoreTrailingSlash: true,
        ignoreDuplicateSlashes: true,
        caseSensitive: false,
      },
    },
  },
}

async function answersOf(port: number, prefix: string): Promise<string[]> {
  const answers: string[] = []
  for (const [head, body] of ATTEMPTS) {
    const answer = await rawRequest(port, head.replaceAll('PREFIX', prefix), body)
    const same = answer.replace(/^date: .*$/im, '').replaceAll(prefix.slice(1), 'PREFIX')
    answers.push(`${head.slice(0, 150)} ${body?.slice(0, 50) ?? ''}\n${same}`)
  }
  return answers
}

describe('what a stranger is answered', () => {
  for (const [name, setup] of Object.entries(SETUPS)) {
    it(`is what an unknown path is, byte for byte, with ${name}`, async () => {
      app = await buildApp({ ...setup, console: { authorize: () => false } })
      const port = await listen(app)
      expect(await answersOf(port, '/_scs')).toEqual(await answersOf(port, '/_xyz'))
    })
  }

  it('is what an unknown path is below a prefix within another one', async () => {
    app = await buildApp({
      server: small,
      console: false,
      after: async (app) => {
        const { default: consolePlugin } = await import('../../src/plugin.js')
        await app.register(
          async (context) => {
            context.setNotFoundHandler((request, reply) =>
              reply.code(404).send(`no ${request.url}`),
            )
            await context.register(consolePlugin, { prefix: '/ops/_scs', authorize: () => false })
          },
          { prefix: '/admin' },
        )
      },
    })
    const port = await listen(app)
    const known = await answersOf(port, '/admin/ops/_scs')
    expect(known).toEqual(await answersOf(port, '/admin/ops/_xyz'))
    expect(known[0]).toContain('no /PREFIX')
  })

  it('has nothing of what "authorize" did to the answer, and nothing of the console in the log', async () => {
    const lines: string[] = []
    app = await buildApp({
      server: { logger: { level: 'trace', stream: { write: (line) => void lines.push(line) } } },
      console: {
        authorize: (_request, reply) => {
          reply.code(401).header('www-authenticate', 'Basic').header('set-cookie', 'a=1')
          reply.raw.setHeader('x-raw', '1')
          return 1
        },
      },
    })
    // A busy machine makes some calls slow, which are logged then.
    app.slowCall.maxMs = 60_000
    const port = await listen(app)
    lines.length = 0
    const answers = await answersOf(port, '/_scs')
    const logged = lines.splice(0).map(plain)
    expect(answers).toEqual(await answersOf(port, '/_xyz'))
    expect(logged).toEqual(lines.map(plain).map((line) => line.replaceAll('_xyz', '_scs')))
    expect(logged.length).toBeGreaterThan(100)
  })

  it('is the same when "authorize" throws or rejects, which is logged as an error', async () => {
    const lines: string[] = []
    for (const authorize of [
      () => {
        throw new Error('the session store is away')
      },
      () => Promise.reject(new Error('the session store is away')),
    ]) {
      app = await buildApp({
        server: { logger: { level: 'error', stream: { write: (line) => void lines.push(line) } } },
        console: { authorize },
      })
      const port = await listen(app)
      expect(await answersOf(port, '/_scs')).toEqual(await answersOf(port, '/_xyz'))
      expect(lines.join('')).toContain('the session store is away')
      await app.close()
      lines.length = 0
    }
  })
})

/** A line of the log without what differs from request to request, and without the stack of a body's error. */
function plain(line: string): string {
  return line.replace(
    /"(time|reqId|responseTime|remotePort|pid|stack)":("(?:[^"\\]|\\.)*"|[\d.]+),?/g,
    '',
  )
}
