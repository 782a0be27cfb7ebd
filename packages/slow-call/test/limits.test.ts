import type { RouteSlowCall } from '@fastify-scs/slow-call'
import slowCall from '@fastify-scs/slow-call'
import { expect, it } from 'vitest'
import { buildApp, listen, NEVER_MS, sleep, type TestApp } from './build-app.js'

const slow = (): Promise<string> => sleep(30).then(() => 'ok')

async function reportedBy(
  { app, reports }: TestApp,
  paths: readonly string[],
): Promise<Record<string, number>> {
  const address = await listen(app)
  for (const path of paths) await fetch(address + path)
  const expected = app.slowCall.stats().routes.filter((route) => route.slow > 0).length
  await expect.poll(() => reports.length).toBe(expected)
  return Object.fromEntries(reports.map(({ route, limitMs }) => [route, limitMs]))
}

it('a route names its limit as a number, in an object or in its config, and the route option wins', async () => {
  const test = await buildApp({ maxMs: NEVER_MS })
  test.app.get('/number', { slowCall: 1 }, slow)
  test.app.get('/object', { slowCall: { maxMs: 2 } }, slow)
  test.app.get('/config', { config: { slowCall: 3 } }, slow)
  test.app.get('/both', { slowCall: 4, config: { slowCall: NEVER_MS } }, slow)
  test.app.get('/none', slow)
  const reported = await reportedBy(test, ['/number', '/object', '/config', '/both', '/none'])
  expect(reported).toEqual({ '/number': 1, '/object': 2, '/config': 3, '/both': 4 })
})

it('a route with the limit false is counted and not reported', async () => {
  const test = await buildApp({ maxMs: 1 })
  test.app.get('/', { slowCall: false }, slow)
  expect(await reportedBy(test, ['/'])).toEqual({})
  expect(test.app.slowCall.stats().routes[0]).toMatchObject({ calls: 1, slow: 0 })
})

it('routes inherit from the longest prefix of whole segments, set before or after them', async () => {
  const test = await buildApp({ maxMs: NEVER_MS })
  const { app } = test
  app.slowCall.forPrefix('/a', 1)
  await app.register(
    async (child) => {
      for (const path of ['/x', '/b/y']) child.get(path, slow)
      child.get('/own', { slowCall: 3 }, slow)
    },
    { prefix: '/a' },
  )
  app.get('/ab', slow)
  app.slowCall.forPrefix('/a/b', { maxMs: 2 })
  const reported = await reportedBy(test, ['/a/x', '/a/b/y', '/a/own', '/ab'])
  expect(reported).toEqual({ '/a/x': 1, '/a/b/y': 2, '/a/own': 3 })
})

it('a call that is answered before its handler has the limit and the counts of its route', async () => {
  const test = await buildApp({ maxMs: NEVER_MS })
  test.app.addHook('preHandler', async (_request, reply) => {
    await sleep(30)
    return reply.code(403).send('no')
  })
  test.app.get('/', { slowCall: 1 }, slow)
  expect(await reportedBy(test, ['/'])).toEqual({ '/': 1 })
  expect(test.app.slowCall.stats().routes).toMatchObject([{ route: '/', calls: 1, slow: 1 }])
})

it('routes that differ only in a constraint have separate limits', async () => {
  const { app, reports, report } = await buildApp({ maxMs: NEVER_MS })
  app.get('/', { slowCall: 1, constraints: { version: '1.0.0' } }, slow)
  app.get('/', { slowCall: NEVER_MS, constraints: { version: '2.0.0' } }, slow)
  const address = await listen(app)
  for (const version of ['2.0.0', '1.0.0']) {
    await fetch(address, { headers: { 'accept-version': version } })
  }
  expect((await report()).limitMs).toBe(1)
  expect(reports).toHaveLength(1)
  expect(app.slowCall.stats().routes.map((route) => route.slow)).toEqual([1, 0])
})

it('the prefix / is inherited by every route', async () => {
  const test = await buildApp({ maxMs: NEVER_MS })
  test.app.slowCall.forPrefix('/', 1)
  test.app.get('/x', slow)
  expect(await reportedBy(test, ['/x'])).toEqual({ '/x': 1 })
})

it.each([0, -1, Number.NaN, true, null, '5s', [], { maxMs: 0 }, { max: 5 }, { stuckAfterMs: 'x' }])(
  'a wrong slowCall fails when the route is added: %j',
  async (value) => {
    const { app } = await buildApp()
    const limits = value as RouteSlowCall
    const refused = expect.objectContaining({
      code: 'SCS_SLOW_CALL_ERR_ROUTE',
      message: expect.stringContaining('Route GET /'),
    })
    expect(() => app.get('/1', { slowCall: limits }, slow)).toThrow(refused)
    expect(() => app.get('/2', { config: { slowCall: limits } }, slow)).toThrow(refused)
    expect(() => app.slowCall.forPrefix('/', limits)).toThrow(
      expect.objectContaining({ code: 'SCS_SLOW_CALL_ERR_ROUTE' }),
    )
  },
)

it('the error of a wrong limit says where it is and what was expected', async () => {
  const { app } = await buildApp()
  expect(() => app.post('/pay', { slowCall: -5 }, slow)).toThrow(
    'Route POST /pay: "slowCall" is wrong at maxMs: expected milliseconds above 0, { maxMs, stuckAfterMs } or false, got -5',
  )
})

it.each([
  [{ maxMs: 0 }, 'maxMs'],
  [{ maxMs: '1s' }, 'maxMs'],
  [{ stuckAfterMs: true }, 'stuckAfterMs'],
  [{ onSlowCall: 'mail' }, 'onSlowCall'],
  [{ maxMS: 5 }, 'maxMS'],
])('wrong options are an error that names them: %j', async (options, path) => {
  await expect(buildApp(options as object)).rejects.toMatchObject({
    code: 'SCS_SLOW_CALL_ERR_OPTIONS',
    message: expect.stringContaining(`Option ${path}:`),
  })
})

it('a wrong limit set while running is refused, and the old one stays', async () => {
  const { app } = await buildApp({ maxMs: 7 })
  const refused = expect.objectContaining({ code: 'SCS_SLOW_CALL_ERR_OPTIONS' })
  for (const maxMs of [0, Number.NaN, Number.NEGATIVE_INFINITY]) {
    expect(() => {
      app.slowCall.maxMs = maxMs
    }).toThrow(refused)
  }
  expect(app.slowCall.maxMs).toBe(7)
})

it('registering it twice is refused', async () => {
  const { app } = await buildApp()
  await expect(app.register(slowCall).ready()).rejects.toMatchObject({
    code: 'SCS_SLOW_CALL_ERR_ALREADY_REGISTERED',
  })
})

it('a route with config.isHidden is in no figures, even where it is slow', async () => {
  const { app } = await buildApp({ maxMs: 1 })
  app.get('/hidden', { config: { isHidden: true } }, async () => {
    await sleep(10)
    return 'done'
  })
  app.get('/open', async () => 'done')
  await app.inject('/hidden')
  await app.inject('/open')
  expect(app.slowCall.stats().routes.map(({ route }) => route)).toEqual(['/open'])
  expect(app.slowCall.metrics()).not.toContain('/hidden')
})
