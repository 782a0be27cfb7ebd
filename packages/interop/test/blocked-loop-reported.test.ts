import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import slowCall from '@fastify-scs/slow-call'
import store, { type FoundRecord } from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { expect, it, onTestFinished } from 'vitest'

/** Builds an app whose event loop is watched, in the process of this test, and waits until it is. */
async function buildApp(context: boolean): Promise<{ app: FastifyInstance; address: string }> {
  const app = Fastify({ logger: { level: 'silent' } })
  onTestFinished(() => app.close())
  await app.register(scsPlugin, { source: 'orders', audit: false, context })
  await app.register(store, { url: 'memory:' })
  await app.register(errorReporter, { apiVersion: '1.2.3' })
  // Not the one of the service's name: programs of other tests have the same name, and may leave a file there.
  const blockedFolder = join(mkdtempSync(join(tmpdir(), 'scs-blocked-')), 'hangs')
  onTestFinished(() => rmSync(dirname(blockedFolder), { recursive: true }))
  await app.register(slowCall, { maxMs: 60_000, blockedAfterMs: 600, blockedFolder })
  app.get('/reports/:id', async (request) => {
    await fetch(`${address}/upstream`)
    spin(1_500, request.query)
    return 'ok'
  })
  app.get('/twice', () => spin(1_500, {}))
  app.get('/upstream', () => 'ok')
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  await expect.poll(() => app.slowCall.stats().blocked?.isWatched).toBe(true)
  return { app, address }
}

function spin(ms: number, _given: unknown): string {
  const until = performance.now() + ms
  while (performance.now() < until);
  return 'done'
}

/** The reports of blocks by requests, as soon as there are so many: a busy machine may block this process on its own account. */
async function blockedReports(app: FastifyInstance, count: number): Promise<FoundRecord[]> {
  let found: FoundRecord[] = []
  const find = async (): Promise<number> => {
    await app.errorReporter.flush()
    const { items } = await app.scsStore.find('reports', { limit: 100 })
    found = items.filter(({ data }) => JSON.stringify(data).includes('GET /'))
    return found.length
  }
  await expect.poll(find).toBe(count)
  return found
}

it.each([true, false])(
  'a blocked event loop is a report of its own kind, with its request, its place and no secret, with context: %s',
  async (context) => {
    const { app, address } = await buildApp(context)
    await fetch(`${address}/reports/7?password=hunter2&note=c4n4ry`)
    const [record] = await blockedReports(app, 1)
    expect(record).toMatchObject({ keys: { status: 'blocked' } })
    const data = JSON.stringify(record)
    expect(data).toContain('GET /reports/:id blocked the event loop for')
    expect(data).toContain('at spin (')
    expect(data).toContain('blocked-loop-reported.test.ts')
    expect(data).not.toContain('hunter2')
    expect(app.slowCall.stats().blocked).toMatchObject({ failed: 0, watchFailures: 0 })
  },
)

it('two places are two groups', async () => {
  const { app, address } = await buildApp(false)
  await fetch(`${address}/reports/7`)
  await fetch(`${address}/twice`)
  const [one, two] = await blockedReports(app, 2)
  expect(one?.keys.fingerprint).not.toBe(two?.keys.fingerprint)
  expect(app.slowCall.metrics()).toMatch(/^scs_event_loop_blocked_total [2-9]$/m)
})
