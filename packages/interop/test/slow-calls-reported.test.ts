import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import slowCall, { type SlowCallReport } from '@fastify-scs/slow-call'
import store, { type FoundGroup, type GroupChange } from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import LowestFastify from 'fastify-lowest'
import { describe, expect, it, onTestFinished } from 'vitest'

/** Takes longer than a limit of this many milliseconds, without a timer. */
const LIMIT_MS = 0.001
const CALLS = 260

async function buildApp(
  order: readonly ('reporter' | 'slow-call')[],
): Promise<{ readonly app: FastifyInstance; readonly reports: SlowCallReport[] }> {
  const reports: SlowCallReport[] = []
  const app = Fastify()
  onTestFinished(() => app.close())
  await app.register(scsPlugin, { audit: false })
  for (const name of order) {
    if (name === 'slow-call')
      await app.register(slowCall, { maxMs: LIMIT_MS, blockedAfterMs: false })
    else
      await app.register(errorReporter, {
        errorReporter: (_title, _message, { data }) =>
          void reports.push(data as unknown as SlowCallReport),
      })
  }
  return { app, reports }
}

it.each([[['reporter', 'slow-call']], [['slow-call', 'reporter']]] as const)(
  'of 260 slow calls the 1st, 2nd, 4th ... 256th is reported, registered in the order %j',
  async (order) => {
    const { app, reports } = await buildApp(order)
    app.get('/', () => 'ok')
    for (let call = 0; call < CALLS; call++) await app.inject('/')
    await expect.poll(() => reports.length).toBe(9)
    await app.errorReporter.flush()
    expect(reports.map(({ occurrence }) => occurrence)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256])
    expect(reports.map(({ suppressed }) => suppressed)).toEqual([0, 0, 1, 3, 7, 15, 31, 63, 127])
    expect(app.slowCall.stats().reports).toEqual({ delivered: 9, failed: 0 })
    expect(app.errorReporter.stats()).toMatchObject({
      reported: { fatal: 0, nonFatal: 9 },
      suppressed: CALLS - 9,
    })
  },
)

it.each([
  ['the Fastify of the workspace', Fastify],
  ['the lowest Fastify', LowestFastify as unknown as typeof Fastify],
])('the limit of a route that was declared first is honoured with %s', async (_name, create) => {
  const limits: Record<string, number> = {}
  const app = create()
  onTestFinished(() => app.close())
  app.get('/before-core', { config: { slowCall: LIMIT_MS } }, () => 'ok')
  await app.register(scsPlugin, { audit: false })
  app.get('/before-slow-call', { slowCall: LIMIT_MS * 2 }, () => 'ok')
  app.get('/before-in-config', { config: { slowCall: LIMIT_MS * 3 } }, () => 'ok')
  app.get('/before-off', { slowCall: false }, () => 'ok')
  await app.register(slowCall, {
    maxMs: 60_000,
    blockedAfterMs: false,
    onSlowCall: ({ route, limitMs }) => {
      limits[route] = limitMs
    },
  })
  const urls = ['/before-core', '/before-slow-call', '/before-in-config', '/before-off']
  for (const url of urls) expect((await app.inject(url)).body).toBe('ok')
  await expect.poll(() => Object.keys(limits).length).toBe(3)
  expect(limits).toEqual({
    '/before-core': LIMIT_MS,
    '/before-slow-call': LIMIT_MS * 2,
    '/before-in-config': LIMIT_MS * 3,
  })
})

it('a wrong limit of a route that was declared before core is logged, and its calls are answered', async () => {
  const lines: { level: number; err?: { message: string } }[] = []
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) }
  const app = Fastify({ logger: { level: 'error', stream } })
  onTestFinished(() => app.close())
  app.get('/', { config: { slowCall: '5s' as never } }, () => 'ok')
  await app.register(scsPlugin, { audit: false })
  await app.register(slowCall)
  for (let call = 0; call < 2; call++) expect((await app.inject('/')).body).toBe('ok')
  expect(lines.map(({ err }) => err?.message)).toEqual([
    expect.stringContaining('Route GET /: "slowCall" is wrong'),
  ])
})

describe('the group of slow calls in the store', () => {
  const build = async (): Promise<{
    readonly app: FastifyInstance
    readonly regressions: boolean[]
  }> => {
    const regressions: boolean[] = []
    const app = Fastify()
    onTestFinished(() => app.close())
    await app.register(scsPlugin, { audit: false })
    await app.register(store, { url: 'memory:' })
    await app.register(errorReporter, {
      apiVersion: '2.0.0',
      errorReporter: (_title, _message, { group }) => void regressions.push(group.is_regression),
    })
    await app.register(slowCall, { maxMs: LIMIT_MS, blockedAfterMs: false })
    app.get('/', () => 'ok')
    await app.ready()
    return { app, regressions }
  }
  const groupOf = async (app: FastifyInstance): Promise<FoundGroup | undefined> =>
    (await app.scsStore.groups({ kind: 'slow' })).items[0]
  const occurrences = async (app: FastifyInstance): Promise<number | undefined> =>
    (await groupOf(app))?.occurrences
  const change = async (app: FastifyInstance, what: Partial<GroupChange>): Promise<void> => {
    const { fingerprint = '', revision: expected = 0 } = (await groupOf(app)) ?? {}
    const change = { expected, by: 'ada', at: Date.now(), ...what }
    expect((await app.scsStore.changeGroup(fingerprint, change)).isChanged).toBe(true)
  }

  it('has the count of all of them, reported or not', async () => {
    const { app, regressions } = await build()
    for (let call = 0; call < 11; call++) await app.inject('/')
    await expect.poll(() => occurrences(app), { timeout: 5_000 }).toBe(11)
    expect(regressions).toHaveLength(4)
    expect(await groupOf(app)).toMatchObject({ kind: 'slow', lastRelease: '2.0.0' })
  })

  it('that has regressed while the process goes on is reported by the next call', async () => {
    const { app, regressions } = await build()
    for (let call = 0; call < 11; call++) await app.inject('/')
    await expect.poll(() => occurrences(app), { timeout: 5_000 }).toBe(11)
    await change(app, { status: 'resolved', resolvedIn: '1.0.0' })
    await app.inject('/')
    await expect
      .poll(async () => (await groupOf(app))?.status, { timeout: 5_000 })
      .toBe('regressed')
    await app.inject('/')
    await expect.poll(() => regressions.length).toBe(5)
    expect(regressions).toEqual([false, false, false, false, true])
    expect(await occurrences(app)).toBe(13)
  })

  it('that is muted is silent', async () => {
    const { app, regressions } = await build()
    await app.inject('/')
    await expect.poll(() => occurrences(app), { timeout: 5_000 }).toBe(1)
    await change(app, { status: 'muted' })
    for (let call = 0; call < 10; call++) await app.inject('/')
    await expect.poll(() => occurrences(app), { timeout: 5_000 }).toBe(11)
    expect(regressions).toHaveLength(1)
  })
})
