import parse from 'parse-prometheus-text-format'
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
    readonly buckets?: Readonly<Record<string, string>>
    readonly count?: string
    readonly sum?: string
  }[]
}

function read(text: string): Map<string, Family> {
  const families = parse(text) as readonly Family[]
  return new Map(families.map((family) => [family.name, family]))
}

const DURATION = 'scs_http_request_duration_seconds'

it('a parser of Prometheus’ text format reads counts, durations in seconds and calls in flight', async () => {
  const { app } = await buildApp({ maxMs: NEVER_MS })
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
  ])
  for (const { help } of families.values()) expect(help).toMatch(/\.$|now\.$/)
  const [orders, ...rest] = families.get(DURATION)?.metrics ?? []
  const { durations } = app.slowCall.stats().routes[0] ?? {}
  expect(orders).toMatchObject({ labels: { method: 'GET', route: '/orders/:id' }, count: '2' })
  expect(Number(orders?.sum)).toBeCloseTo(((durations?.meanMs ?? 0) * 2) / 1_000, 9)
  expect(rest.map(({ labels }) => labels)).toEqual([
    { method: 'GET', route: '/broken' },
    { method: '*', route: '(unknown route)' },
  ])
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
  const families = read(new MetricsText().textOf(routes.stats(), 0))
  const [one, other] = families.get(DURATION)?.metrics ?? []
  const bounds = Object.keys(one?.buckets ?? {})
  expect(Object.keys(other?.buckets ?? {})).toEqual(bounds)
  expect(one?.buckets).toMatchObject({ '0.001024': '2', '0.002048': '3', '0.004096': '4' })
  expect(one?.buckets).toMatchObject({ '67.108864': '4', '+Inf': '5' })
  expect(other?.buckets).toMatchObject({ '4.096': '0', '8.192': '1' })
})

it('labels are escaped', () => {
  const routes = new WatchedRoutes(() => undefined)
  const url = '/a"b\\c\nd'
  routes.add({ method: 'GET', url } as never).histogram.record(1)
  const text = new MetricsText().textOf(routes.stats(), 0)
  expect(text).toContain('route="/a\\"b\\\\c\\nd"')
  expect(read(text).get(DURATION)?.metrics[0]?.labels).toEqual({ method: 'GET', route: url })
})

it('routes beyond the first 1,000 that were called are one series, which never goes back', () => {
  const routes = new WatchedRoutes(() => undefined)
  const all = Array.from({ length: MAX_OWN_SERIES + 5 }, (_, at) =>
    routes.add({ method: 'GET', url: `/${at}` } as never),
  )
  const metrics = new MetricsText()
  // The first ones are called last.
  for (const route of all.slice(5)) route.histogram.record(1)
  metrics.textOf(routes.stats(), 0)
  for (const route of all) route.histogram.record(1)
  const families = read(metrics.textOf(routes.stats(), 0))
  const series = families.get(DURATION)?.metrics ?? []
  expect(series).toHaveLength(MAX_OWN_SERIES + 1)
  expect(series.at(-1)).toMatchObject({ labels: { route: '(other routes)' }, count: '5' })
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
    unknown.body,
    unknown.headers['content-type'],
  ])
  expect((await (await buildApp()).app.inject('/metrics')).statusCode).toBe(404)
})

it.each([
  [{ metrics: '/metrics' }, 'metrics'],
  [{ metrics: { path: 'metrics' } }, 'metrics'],
])('wrong options are coded errors: %j', async (options, path) => {
  const attempt = buildApp(options as never)
  await expect(attempt).rejects.toMatchObject({ code: 'SCS_SLOW_CALL_ERR_OPTIONS' })
  await expect(attempt).rejects.toThrow(path)
})
