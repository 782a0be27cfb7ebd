import createError from '@fastify/error'
import scsPlugin, {
  abort,
  defineError,
  type RouteError,
  type ScsOptions,
  ServiceError,
} from '@fastify-scs/core'
import Fastify from 'fastify'
import { describe, expect, it, vi } from 'vitest'
import { buildApp, failureLines, type TestApp } from '../build-app.js'

const closed = defineError({ code: 409, id: 'orders-closed', message: 'The shop is closed' })
const soldOut = defineError({ code: 409, id: 'orders-sold-out', message: 'Sold out' })
class NotPaid extends ServiceError {
  static override readonly code = 'NOT_PAID'
  static override readonly status = 402
}

async function enforced(options: ScsOptions = {}): Promise<TestApp> {
  const built = await buildApp({ enforceThrows: true, ...options })
  built.app.scs.registerError(closed)
  built.app.scs.registerError(soldOut)
  return built
}

/** The status and id of the answer of a route which declares some errors and throws another. */
async function answerTo(thrown: () => unknown, throws: RouteError[] = []): Promise<unknown> {
  const { app } = await enforced()
  app.get('/', { throws }, () => {
    throw thrown()
  })
  const answer = await app.inject('/')
  await app.close()
  return [answer.statusCode, answer.json().error.id]
}

describe('an error that the route does not declare', () => {
  it('is answered with a 500 that says what to declare, and logged as an error', async () => {
    const { app, log } = await enforced()
    app.get('/orders/:id', { throws: [soldOut] }, () => {
      throw closed()
    })
    const answer = await app.inject('/orders/1')
    expect(answer.statusCode).toBe(500)
    expect(answer.json().error).toEqual({
      id: 'undeclared-error',
      message:
        'SCS_ERR_THROWS_UNDECLARED: Route GET /orders/:id has answered with 409 "orders-closed", which its "throws" does not declare: add the error or "orders-closed" to the list',
      details: { route: 'GET /orders/:id', status: 409, id: 'orders-closed' },
    })
    expect(failureLines(log, 50)).toEqual([
      expect.objectContaining({
        err: expect.objectContaining({ code: 'SCS_ERR_THROWS_UNDECLARED' }),
      }),
    ])
  })

  it('is one of a ServiceError class, of abort, of a returned model and of a route without throws', async () => {
    const undeclared = [500, 'undeclared-error']
    expect(await answerTo(() => new NotPaid())).toEqual(undeclared)
    expect(await answerTo(() => abortOf(409, 'orders-closed'), [soldOut])).toEqual(undeclared)
    expect(await answerTo(() => abortOf(410))).toEqual(undeclared)
    const { app } = await enforced()
    app.get('/', () => ({ error: 'GONE', status: 410 }))
    expect((await app.inject('/')).json().error.id).toBe('undeclared-error')
  })

  it('is no error without the option', async () => {
    const { app } = await buildApp()
    app.scs.registerError(closed)
    app.get('/', () => {
      throw closed()
    })
    expect((await app.inject('/')).statusCode).toBe(409)
    expect(() => app.scs.unusedThrows()).toThrow(
      expect.objectContaining({ code: 'SCS_ERR_THROWS_NOT_WATCHED' }),
    )
  })
})

function abortOf(code: number, id?: string): unknown {
  try {
    return abort(code, id === undefined ? {} : { id })
  } catch (error) {
    return error
  }
}

it('left on in production is a warning at the start', async () => {
  const warningsIn = async (environment: string): Promise<unknown[]> => {
    vi.stubEnv('NODE_ENV', environment)
    const { app, log } = await enforced()
    await app.ready()
    vi.unstubAllEnvs()
    return log.filter(({ level }) => level === 40).map(({ msg }) => msg)
  }
  expect(await warningsIn('test')).toEqual([])
  expect(await warningsIn('production')).toEqual([
    'enforceThrows is for tests: errors that a route does not declare are answered with 500',
  ])
})

describe('what a route need not declare', () => {
  it('is what it declares under whichever name', async () => {
    const { app } = await enforced()
    app.get('/', { throws: ['orders-closed', NotPaid] }, ({ query }) => {
      throw Object.hasOwn(query as object, 'pay') ? new NotPaid() : closed()
    })
    expect((await app.inject('/')).statusCode).toBe(409)
    expect((await app.inject('/?pay')).statusCode).toBe(402)
    expect((await app.inject({ method: 'HEAD', url: '/' })).statusCode).toBe(409)
  })

  it('is an unforeseen error, an error of another plugin and one that its status describes', async () => {
    expect(await answerTo(() => new TypeError('oops'))).toEqual([500, 'internal-server-error'])
    const Limited = createError('FST_OTHER', 'Slow down', 429)
    expect(await answerTo(() => new Limited())).toEqual([429, 'too-many-requests'])
    expect(await answerTo(() => abortOf(404))).toEqual([404, 'not-found'])
  })

  it('is what Fastify refuses: a wrong value, a wrong method, an unknown path, a body that is too large or of another type', async () => {
    const { app } = await enforced()
    const body = { type: 'object', required: ['a'], properties: { a: { type: 'string' } } }
    app.post('/', { schema: { body }, bodyLimit: 20 }, () => 'ok')
    const statusOf = async (payload: string, type = 'application/json'): Promise<number> =>
      (await app.inject({ method: 'POST', url: '/', headers: { 'content-type': type }, payload }))
        .statusCode
    expect(await statusOf('{}')).toBe(400)
    expect(await statusOf('{')).toBe(400)
    expect(await statusOf(JSON.stringify({ a: 'x'.repeat(30) }))).toBe(413)
    expect(await statusOf('a', 'text/csv')).toBe(415)
    expect((await app.inject('/')).statusCode).toBe(405)
    expect((await app.inject('/unknown')).statusCode).toBe(404)
  })

  it('is a registered exception', async () => {
    const { app } = await enforced()
    app.scs.registerException({ exceptionClass: RangeError, id: 'out-of-range', message: 'Oops' })
    app.get('/', () => {
      throw new RangeError()
    })
    expect((await app.inject('/')).json().error.id).toBe('out-of-range')
  })
})

describe('what routes declare and never happens', () => {
  it('is listed, and logged once when the app closes', async () => {
    const { app, log } = await enforced()
    app.get('/', { throws: [closed, soldOut, NotPaid] }, () => {
      throw closed()
    })
    app.post('/', { throws: [NotPaid] }, () => 'ok')
    await app.inject('/')
    expect(app.scs.unusedThrows()).toEqual([
      { method: 'GET', url: '/', throws: [soldOut, NotPaid] },
      { method: 'POST', url: '/', throws: [NotPaid] },
    ])
    await app.close()
    expect(log.filter(({ routes }) => routes !== undefined)).toEqual([
      expect.objectContaining({
        level: 40,
        msg: 'routes declare errors that never happened',
        routes: [
          { route: 'GET /', throws: ['orders-sold-out', 'NOT_PAID'] },
          { route: 'POST /', throws: ['NOT_PAID'] },
        ],
      }),
    ])
  })

  it('is nothing once each has happened, also below a prefix', async () => {
    const { app, log } = await enforced()
    app.register(
      async (child) => {
        child.get('/', { throws: [closed] }, () => {
          throw closed()
        })
      },
      { prefix: '/v1' },
    )
    await app.inject('/v1')
    expect(app.scs.unusedThrows()).toEqual([])
    await app.close()
    expect(log.some(({ routes }) => routes !== undefined)).toBe(false)
  })
})

it('an error that a hook of all routes throws is declared for all of them by an onRoute hook', async () => {
  const { app } = await enforced()
  app.addHook('onRoute', (route) => {
    route.throws = [...(route.throws ?? []), 'unauthenticated']
  })
  app.addHook('onRequest', async () => abort(401))
  app.get('/', () => 'ok')
  expect((await app.inject('/')).statusCode).toBe(401)
})

it('what a hook from before core declares has to be registered, as what a route declares', async () => {
  const app = Fastify()
  app.addHook('onRoute', (route) => {
    route.throws = ['no-such-id']
  })
  app.register(scsPlugin, { audit: false })
  app.register(async (child) => void child.get('/', () => 'ok'))
  await expect(app.ready()).rejects.toMatchObject({ code: 'SCS_ERR_THROWS' })
})
