import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { MAX_OWN_SERIES, MetricsText } from '../src/metrics.js'
import { WatchedRoutes } from '../src/routes.js'
import { buildApp, createGate, NEVER_MS, until } from './build-app.js'

/** As the parser returns it. */
interface Family {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly metrics: readonly {
    readonly labels?: Readonly<Record<string, string>>
    readonly value?: string
  }[]
}

// It has no types.
const parse = createRequire(import.meta.url)('parse-prometheus-text-format') as (
  text: string,
) => readonly Family[]

function read(text: string): Map<string, Family> {
  return new Map(parse(text).map((family) => [family.name, family]))
}

/**
 * Values by label, of samples with one name. The parser adds all series of a histogram up unless it does not know that it is one, and
 * then begins a family with each change of name.
 */
function valuesOf(text: string, name: string): Record<string, string | undefined> {
  const families = parse(text.replace(/^#.*$/gm, '')).filter((family) => family.name === name)
  const samples = families.flatMap(({ metrics }) => metrics)
  return Object.fromEntries(
    samples.map(({ labels = {}, value }) => [Object.values(labels).join(' '), value]),
  )
}

const DURATION = 'scs_http_request_duration_seconds'

it('a parser of Prometheus’ text format reads counts, durations in seconds and calls in flight', async () => {
  const { app } = await buildApp({ maxMs: NEVER_MS, blockedAfterMs: NEVER_MS })
  const gate = createGate()
  app.get('/orders/:id', () => 'ok')
  app.get('/broken', () => {
    throw new Error('boom')
  })
  app.get('/waits', () => gate.opened.then(() => 'ok'))
  for (const url of ['/orders/1', '/orders/2', '/broken', '/nowhere']) await app.inject(url)
  const waiting = app.inject('/waits')
  await until(() => app.slowCall.stats().inFlight === 1)
  const families = read(app.slowCall.metrics())
  gate.open()
  await waiting
  expect([...families].map(([name, { type }]) => `${name} ${type}`)).toEqual([
    `${DURATION} HISTOGRAM`,
    'scs_http_requests_failed_total COUNTER',
    'scs_http_requests_slow_total COUNTER',
    'scs_http_requests_stuck_total COUNTER',
    'scs_http_requests_aborted_total COUNTER',
    'scs_http_requests_in_flight GAUGE',
    'scs_event_loop_blocked_total COUNTER',
  ])
  for (const { help } of families.values()) expect(help).toMatch(/\.$|now\.$/)
  const text = app.slowCall.metrics()
  expect(valuesOf(text, `${DURATION}_count`)).toEqual({
    'GET /orders/:id': '2',
    'GET /broken': '1',
    'GET /waits': '1',
    '* (unknown route)': '1',
  })
  const { meanMs = 0 } = app.slowCall.stats().routes[0]?.durations ?? {}
  const sum = valuesOf(text, `${DURATION}_sum`)['GET /orders/:id']
  expect(Number(sum)).toBeCloseTo((meanMs * 2) / 1_000, 9)
  const failed = families.get('scs_http_requests_failed_total')?.metrics
  expect(failed?.map(({ value }) => value)).toEqual(['0', '1', '0'])
  expect(families.get('scs_http_requests_in_flight')?.metrics).toEqual([{ value: '1' }])
})

it('buckets are cumulative, and the same for all routes', () => {
  const routes = new WatchedRoutes(() => undefined)
  const fast = routes.add({ method: 'GET', url: '/fast' } as never)
  const slow = routes.add({ method: 'GET', url: '/slow' } as never)
  for (const ms of [0.5, 1, 1.5, 3, 70_000]) fast.histogram.record(ms)
  slow.histogram.record(5_000)
  const text = new MetricsText().textOf(routes.used(), 0)
  const values = valuesOf(text, `${DURATION}_bucket`)
  const boundsOf = (route: string): string[] =>
    Object.keys(values).flatMap((key) => (key.startsWith(route) ? [key.slice(route.length)] : []))
  expect(boundsOf('GET /fast')).toHaveLength(18)
  expect(boundsOf('GET /slow')).toEqual(boundsOf('GET /fast'))
  expect(values).toMatchObject({
    'GET /fast 0.001024': '2',
    'GET /fast 0.002048': '3',
    'GET /fast 0.004096': '4',
    'GET /fast 67.108864': '4',
    'GET /fast +Inf': '5',
    'GET /slow 4.194304': '0',
    'GET /slow 8.388608': '1',
  })
})

it('labels are escaped', () => {
  const routes = new WatchedRoutes(() => undefined)
  const url = '/a"b\\c\nd'
  routes.add({ method: 'GET', url } as never).histogram.record(1)
  const text = new MetricsText().textOf(routes.used(), 0)
  expect(text).toContain('route="/a\\"b\\\\c\\nd"')
  const [sample] = read(text).get('scs_http_requests_slow_total')?.metrics ?? []
  expect(sample?.labels).toEqual({ method: 'GET', route: url })
})

it('routes beyond the first 1,000 that were called are one series, which never goes back', () => {
  const routes = new WatchedRoutes(() => undefined)
  const all = Array.from({ length: MAX_OWN_SERIES + 5 }, (_, at) =>
    routes.add({ method: 'GET', url: `/${at}` } as never),
  )
  const metrics = new MetricsText()
  // The first ones are called last.
  for (const route of all.slice(5)) route.histogram.record(1)
  metrics.textOf(routes.used(), 0)
  for (const route of all) route.histogram.record(1)
  const counts = valuesOf(metrics.textOf(routes.used(), 0), `${DURATION}_count`)
  expect(Object.keys(counts)).toHaveLength(MAX_OWN_SERIES + 1)
  expect(counts).toMatchObject({ 'GET /5': '2', '* (other routes)': '5' })
})

it('they are served at /metrics, or where the option says, to whom it says', async () => {
  const { app } = await buildApp({ metrics: true })
  const answer = await app.inject('/metrics')
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(read(answer.body).has('scs_http_requests_in_flight')).toBe(true)
  const authorize = async ({ headers }: { headers: object }): Promise<boolean> => 'x-key' in headers
  const other = await buildApp({ metrics: { path: '/internal/metrics', authorize } })
  const allowed = await other.app.inject({ url: '/internal/metrics', headers: { 'x-key': '1' } })
  expect(allowed.statusCode).toBe(200)
  const refused = await other.app.inject('/internal/metrics')
  const unknown = await other.app.inject('/nowhere')
  expect([refused.statusCode, refused.body, refused.headers['content-type']]).toEqual([
    404,
    unknown.body.replace('/nowhere', '/internal/metrics'),
    unknown.headers['content-type'],
  ])
  expect((await (await buildApp()).app.inject('/metrics')).statusCode).toBe(404)
})

it('whom it refuses learns by no method that there is such a route', async () => {
  const { app } = await buildApp({ metrics: { authorize: () => false } })
  for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'] as const) {
    const [refused, unknown] = [
      await app.inject({ method, url: '/metrics' }),
      await app.inject({ method, url: '/nowhere' }),
    ]
    expect([refused.statusCode, refused.body, Object.keys(refused.headers)]).toEqual([
      404,
      unknown.body.replace('/nowhere', '/metrics'),
      Object.keys(unknown.headers),
    ])
  }
})

it('requests are served while the figures of many routes are being made, and the text is that of one call', async () => {
  const routes = new WatchedRoutes(() => undefined)
  for (let at = 0; at < 2_000; at++)
    routes.add({ method: 'GET', url: `/${at}` } as never).histogram.record(at)
  const metrics = new MetricsText()
  let turns = 0
  let isDone = false
  const turn = (): void => {
    turns++
    if (!isDone) setImmediate(turn)
  }
  turn()
  const [text, same] = await Promise.all([
    metrics.textInPieces(routes.used(), 3),
    metrics.textInPieces(routes.used(), 4),
  ])
  isDone = true
  expect(turns).toBeGreaterThan(50)
  expect(text).toBe(metrics.textOf(routes.used(), 3))
  expect(same).toBe(text)
})

it('buckets and sums have the calls of the minutes before', () => {
  const routes = new WatchedRoutes(() => undefined)
  const route = routes.add({ method: 'GET', url: '/a' } as never)
  for (let minute = 0; minute < 3; minute++) {
    for (const ms of [1, 5, 100_000]) route.histogram.record(ms)
    if (minute < 2) route.takeCounts()
  }
  const text = new MetricsText().textOf(routes.used(), 0)
  expect(valuesOf(text, `${DURATION}_bucket`)).toMatchObject({
    'GET /a 0.001024': '3',
    'GET /a 0.008192': '6',
    'GET /a 67.108864': '6',
    'GET /a +Inf': '9',
  })
  expect(valuesOf(text, `${DURATION}_sum`)).toEqual({ 'GET /a': '300.018' })
})

it.each([
  [{ metrics: '/metrics' }, 'metrics'],
  [{ metrics: { path: 'metrics' } }, 'metrics'],
])('wrong options are coded errors: %j', async (options, path) => {
  const attempt = buildApp(options as never)
  await expect(attempt).rejects.toMatchObject({ code: 'SCS_SLOW_CALL_ERR_OPTIONS' })
  await expect(attempt).rejects.toThrow(path)
})
