import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin from '@fastify-scs/core'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { sleep } from './build-app.js'

const START = Date.parse('2027-01-01T10:00:30Z')
const SPAN = { from: START - 3_600_000, to: START + 3_600_000 }

afterEach(() => void vi.useRealTimers())

/** An app with a store in a SQLite file, in the given order. */
async function appOn(
  path: string,
  order: readonly ('store' | 'slow-call')[],
): Promise<FastifyInstance> {
  const app = Fastify()
  onTestFinished(() => app.close())
  await app.register(scsPlugin, { source: 'orders', audit: false })
  for (const name of order) {
    if (name === 'store') await app.register(store, { url: `sqlite:${path}` })
    else await app.register(slowCall)
  }
  return app
}

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'slow-call-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'scs.db')
}

it.each([[['store', 'slow-call']], [['slow-call', 'store']]] as const)(
  'the figures that the store has of two minutes are those of app.slowCall.stats(), registered in the order %j',
  async (order) => {
    vi.useFakeTimers({ toFake: ['Date'], now: START })
    const path = newFile()
    const app = await appOn(path, order)
    app.get('/quick', () => 'ok')
    app.get('/varied/:ms', ({ params }) => sleep(Number((params as { ms: string }).ms)))
    app.get('/broken', () => {
      throw new Error('boom')
    })
    await app.ready()
    const callAll = async (): Promise<void> => {
      for (let call = 0; call < 20; call++) {
        await app.inject('/quick')
        await app.inject(`/varied/${call}`)
      }
      await app.inject('/broken')
    }
    await callAll()
    vi.setSystemTime(START + 60_000)
    const records = async (): Promise<number> =>
      (await app.scsStore.find('route_stats')).items.length
    await expect.poll(records).toBe(3)
    await callAll()
    const { routes } = app.slowCall.stats()
    await app.close()
    const reader = await appOn(path, ['store'])
    await reader.ready()
    const stored = await reader.scsStore.routeStats({ ...SPAN, bucketMs: 60_000, order: 'calls' })
    expect(stored.map(({ over }) => over.length)).toEqual([2, 2, 2])
    const told = stored.map(({ over: _over, meanMs, ...figures }) => figures)
    const counted = routes.map(
      ({ method, route, durations, suppressed: _suppressed, ...counts }) => {
        const { count: _count, meanMs: _meanMs, p90Ms: _p90Ms, ...percentiles } = durations
        return { ...counts, route: `${method} ${route}`, ...percentiles }
      },
    )
    const byRoute = (one: { route: string }, other: { route: string }): number =>
      one.route < other.route ? -1 : 1
    expect(told.toSorted(byRoute)).toEqual(counted.toSorted(byRoute))
    expect(counted.map(({ calls }) => calls)).toEqual([40, 40, 2])
  },
)

it('the minute that is being counted is written when the process ends without closing the app', async () => {
  const path = newFile()
  const program = join(import.meta.dirname, 'programs', 'last-minute.mjs')
  const { status, stderr } = spawnSync(process.execPath, [program, path], { encoding: 'utf8' })
  expect({ status, stderr }).toMatchObject({ status: 0 })
  const reader = await appOn(path, ['store'])
  await reader.ready()
  const span = { from: Date.now() - 3_600_000, to: Date.now() + 60_000 }
  const stored = await reader.scsStore.routeStats(span)
  expect(stored).toMatchObject([{ route: 'GET /', calls: 3 }])
})
