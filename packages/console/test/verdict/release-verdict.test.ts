import scsPlugin from '@fastify-scs/core'
import { createRecordId, DurationHistogram } from '@fastify-scs/core/kit'
import storePlugin, { MemoryStore } from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { StoreReader } from '../../src/read.js'

const MINUTE_MS = 60_000
const NOW = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
const OLD_AT = NOW - 120 * MINUTE_MS
const NEW_AT = NOW - 60 * MINUTE_MS

let app: FastifyInstance
let adapter: MemoryStore
let reader: StoreReader
beforeEach(async () => {
  adapter = new MemoryStore()
  app = Fastify()
  await app.register(scsPlugin, { source: 'orders', audit: false })
  await app.register(storePlugin, { adapter })
  reader = StoreReader.of(app.scsStore)
})
afterEach(() => app.close())

interface Calls {
  readonly calls: number
  readonly failed?: number
  readonly durationMs?: (call: number) => number
}

/** Writes the calls of a route in one minute. */
function writeCalls(
  route: string,
  at: number,
  { calls, failed = 0, durationMs = () => 10 }: Calls,
): void {
  const histogram = new DurationHistogram()
  for (let call = 0; call < calls; call++) histogram.record(durationMs(call))
  const { minMs, maxMs } = histogram.summary()
  app.scsStore.write({
    kind: 'route_stats',
    id: createRecordId(),
    createdAt: at,
    revision: 0,
    keys: { service: 'orders', route },
    data: {
      ...{ instance: 'one', calls, failed, slow: 0, stuck: 0, aborted: 0, minMs, maxMs },
      ...{ sumMs: histogram.sumMs, buckets: histogram.toBuckets() },
    },
    importance: 'low',
  })
}

async function bothReleases(before: Calls, since: Calls): Promise<void> {
  await adapter.noteRelease('1.0.0', OLD_AT)
  await adapter.noteRelease('1.1.0', NEW_AT)
  writeCalls('GET /orders', OLD_AT + 5 * MINUTE_MS, before)
  writeCalls('GET /orders', NEW_AT + 5 * MINUTE_MS, since)
  await app.scsStore.flush()
}

async function sight(fingerprint: string, release: string, at: number, count = 5): Promise<void> {
  const seen = { firstSeenAt: at, lastSeenAt: at, occurrences: count, canReport: true }
  await adapter.countGroups([{ fingerprint, release, ...seen, title: 'It broke', kind: 'fatal' }], {
    growth: 2,
    quietMs: 3_600_000,
  })
}

it('is worse where more calls fail than chance explains', async () => {
  await bothReleases({ calls: 1_000, failed: 2 }, { calls: 1_000, failed: 30 })
  const told = await reader.verdict()
  expect(told).toMatchObject({
    verdict: 'worse',
    release: { release: '1.1.0' },
    comparedWith: { release: '1.0.0' },
  })
  expect(told.routes[0]).toMatchObject({
    route: 'GET /orders',
    verdict: 'worse',
    durations: { verdict: 'same' },
  })
  expect(told.routes[0]?.failures.reason).toBe(
    '2 of 1000 calls (0.2 %) failed before, 30 of 1000 calls (3 %) since: more than chance explains',
  )
})

it('is worse where calls take longer than chance explains, and better where they take less', async () => {
  const fast = (call: number) => (call % 20 === 0 ? 100 : 10)
  const slow = (call: number) => (call % 5 === 0 ? 400 : 10)
  await bothReleases({ calls: 1_000, durationMs: fast }, { calls: 1_000, durationMs: slow })
  const [route] = (await reader.verdict()).routes
  expect(route).toMatchObject({
    verdict: 'worse',
    failures: { verdict: 'same' },
    durations: { verdict: 'worse' },
  })
  await adapter.noteRelease('1.2.0', NEW_AT + 20 * MINUTE_MS)
  writeCalls('GET /orders', NEW_AT + 30 * MINUTE_MS, { calls: 1_000, durationMs: () => 10 })
  await app.scsStore.flush()
  expect(await reader.verdict()).toMatchObject({ verdict: 'better', release: { release: '1.2.0' } })
  expect(await reader.verdict('1.1.0')).toMatchObject({ verdict: 'worse' })
})

it('is the same where there are calls enough and no change that matters', async () => {
  await bothReleases({ calls: 5_000, failed: 10 }, { calls: 5_000, failed: 14 })
  const told = await reader.verdict()
  expect(told).toMatchObject({
    verdict: 'same',
    groups: { verdict: 'same' },
    calls: { verdict: 'same' },
  })
  expect(told.routes[0]?.failures.reason).toMatch(
    /no change that matters; a rise of 0\.\d percentage points or more would show$/,
  )
})

it('says that there is too little traffic, rather than that nothing has changed', async () => {
  await bothReleases({ calls: 20, failed: 0 }, { calls: 20, failed: 1 })
  const told = await reader.verdict()
  expect(told.routes[0]).toMatchObject({ verdict: 'too little traffic' })
  expect(told.calls).toMatchObject({ verdict: 'too little traffic' })
  expect(told.routes[0]?.failures.reason).toMatch(/could hide behind so few calls$/)
})

it('is worse where errors are new and come often, or come again after they were resolved', async () => {
  await bothReleases({ calls: 5_000 }, { calls: 5_000 })
  await sight('old', '1.0.0', OLD_AT)
  await sight('rare', '1.1.0', NEW_AT, 1)
  expect(await reader.verdict()).toMatchObject({
    verdict: 'same',
    groups: { verdict: 'too little traffic' },
  })
  await sight('often', '1.1.0', NEW_AT, 9)
  const told = await reader.verdict()
  expect(told).toMatchObject({
    verdict: 'worse',
    groups: { verdict: 'worse' },
    calls: { verdict: 'same' },
  })
  expect(told.newGroups.map(({ fingerprint }) => fingerprint)).toEqual(['often', 'rare'])
})

it('compares with nothing where a release is the first one', async () => {
  await adapter.noteRelease('1.0.0', OLD_AT)
  writeCalls('GET /orders', OLD_AT, { calls: 5_000 })
  await app.scsStore.flush()
  expect(await reader.verdict('1.0.0')).toMatchObject({
    ...{ verdict: 'too little traffic', comparedWith: null, before: null },
    calls: { reason: 'There is no release before it to compare with.' },
  })
  await expect(reader.verdict('9')).rejects.toMatchObject({ code: 'CONSOLE_NOT_FOUND' })
})

it('says for how long both releases ran at once', async () => {
  await bothReleases({ calls: 1_000 }, { calls: 1_000 })
  await adapter.noteRelease('1.0.0', NEW_AT + 10 * MINUTE_MS)
  const { calls } = await reader.verdict()
  expect(calls.reason).toContain(
    'Both releases ran at once for 10 min; calls of that time count for the later one.',
  )
})
