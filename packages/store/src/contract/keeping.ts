import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { Requirement } from './subject.js'
import { assertRejects, findAll, NOON, sample, samples } from './subject.js'

/** What holds for `buckets`, `size`, `prune`, and for closing and opening again. */
export const keeping: readonly Requirement[] = [
  {
    name: 'buckets count by status, or level, and give nearest-rank percentiles of durations',
    async check({ store }) {
      const failed = samples(100, (index) => ({
        createdAt: NOON,
        keys: { status: 'Failed', level: 'error', durationMs: index + 1 },
      }))
      const later = sample({ createdAt: NOON + 119_999, keys: { level: 'info' } })
      const outside = [sample({ createdAt: NOON - 1 }), sample({ createdAt: NOON + 120_000 })]
      await store.insert([...failed, later, sample({ createdAt: NOON }), ...outside])
      const query = { from: NOON, to: NOON + 120_000, bucketMs: 60_000 }
      assert.deepEqual(await store.buckets('integration_requests', query), [
        {
          at: NOON,
          count: 101,
          byStatus: { Failed: 100 },
          durationMs: { p50: 50, p95: 95, p99: 99, max: 100 },
        },
        { at: NOON + 60_000, count: 1, byStatus: { info: 1 } },
      ])
      assert.deepEqual(await store.buckets('reports', query), [])
    },
  },
  {
    name: 'buckets count one service when they are told, and refuse a query for too many',
    async check({ store }) {
      await store.insert([sample({ keys: { service: 'a' } }), sample({ keys: { service: 'b' } })])
      const query = { from: NOON - 7, to: NOON + 3, bucketMs: 10 }
      const [bucket, ...others] = await store.buckets('integration_requests', {
        ...query,
        service: 'a',
      })
      assert.deepEqual(bucket, { at: NOON - 7, count: 1, byStatus: {} })
      assert.deepEqual(others, [])
      for (const wrong of [{ bucketMs: 0 }, { bucketMs: 0.001 }, { to: NOON + 1e9 }, { to: 0 }]) {
        const call = store.buckets('integration_requests', { ...query, ...wrong })
        await assertRejects(call, 'SCS_STORE_ERR_FILTER')
      }
    },
  },
  {
    name: 'the size counts each kind, and grows with what is written',
    async check({ store }) {
      const before = await store.size()
      const none = { integration_requests: 0, reports: 0, audit_events: 0, route_stats: 0 }
      assert.deepEqual(before.records, none)
      // Random, because a database may compress what repeats.
      const body = (): string => randomBytes(5_000).toString('hex')
      const records = samples(100, () => ({ data: { body: body() } }))
      await store.insert([sample({ kind: 'reports' }), sample({ kind: 'route_stats' }), ...records])
      const after = await store.size()
      assert.deepEqual(after.records, {
        integration_requests: 100,
        reports: 1,
        audit_events: 0,
        route_stats: 1,
      })
      assert.ok(
        after.bytes >= before.bytes + 500_000,
        `${before.bytes} and then ${after.bytes} bytes`,
      )
    },
  },
  {
    name: 'pruning by age removes what is older, of every kind, and says how many',
    async check({ store }) {
      const day = 86_400_000
      const today = Math.floor(Date.now() / day) * day
      const aged = samples(10, (index) => ({ createdAt: today - index * day }))
      const audit = sample({ kind: 'audit_events', createdAt: today - 9 * day })
      const minute = sample({ kind: 'route_stats', createdAt: today - 9 * day })
      await store.insert([...aged, audit, minute])
      assert.equal(await store.prune({ olderThan: today - 4 * day }), 7)
      assert.equal((await findAll(store, 'integration_requests')).length, 5)
      assert.equal(await store.get('audit_events', audit.id), undefined)
      assert.equal(await store.get('route_stats', minute.id), undefined)
      assert.equal(await store.prune({ olderThan: today - 4 * day }), 0)
      assert.equal(await store.prune({}), 0)
    },
  },
  {
    name: 'pruning one kind by age leaves the others',
    async check({ store }) {
      const createdAt = Date.now() - 9 * 86_400_000
      const audit = sample({ kind: 'audit_events', createdAt })
      await store.insert([sample({ createdAt }), audit])
      assert.equal(await store.prune({ olderThan: Date.now(), kind: 'integration_requests' }), 1)
      assert.equal((await findAll(store, 'integration_requests')).length, 0)
      assert.notEqual(await store.get('audit_events', audit.id), undefined)
    },
  },
  {
    name: 'pruning by bytes removes the oldest first, and only as far as needed',
    async check({ store }) {
      const body = 'x'.repeat(10_000)
      const day = 86_400_000
      const today = Math.floor(Date.now() / day) * day
      const records = samples(1_000, (index) => ({
        createdAt: today - Math.floor((999 - index) / 100) * day,
        data: { body: `${body}${index}` },
      }))
      for (let at = 0; at < 1_000; at += 100) await store.insert(records.slice(at, at + 100))
      const { bytes } = await store.size()
      assert.ok((await store.prune({ maxBytes: Math.floor(bytes / 2) })) >= 300)
      const left = await findAll(store, 'integration_requests', { limit: 500 })
      assert.ok(left.length >= 200 && left.length <= 600, `${left.length} are left`)
      const newest = records.slice(-left.length).reverse()
      assert.deepEqual(
        left.map(({ id }) => id),
        newest.map(({ id }) => id),
      )
      assert.ok((await store.size()).bytes < bytes * 0.75, 'space is given back')
    },
  },
  {
    name: 'what was written is there after closing and opening again',
    async check({ store, reopen }) {
      const record = sample({ data: { kept: true } })
      await store.insert([record])
      await store.close()
      if (reopen === undefined) return
      const again = reopen()
      await again.open()
      try {
        assert.deepEqual((await again.get(record.kind, record.id))?.data, { kept: true })
        await again.insert([record, sample()])
        assert.equal((await again.size()).records.integration_requests, 2)
      } finally {
        await again.close()
      }
    },
  },
  {
    name: 'closing lets each call that is under way succeed or fail, and what succeeded is there',
    async check({ store, reopen }) {
      const batches = Array.from({ length: 20 }, () => samples(20, () => ({})))
      const settled = Promise.allSettled(batches.map((batch) => store.insert(batch)))
      await store.close(5_000)
      const results = await settled
      for (const result of results) {
        if (result.status === 'rejected')
          assert.equal(result.reason.code, 'SCS_STORE_ERR_UNAVAILABLE', result.reason.message)
      }
      if (reopen === undefined) return
      const again = reopen()
      await again.open()
      try {
        const kept = new Set((await findAll(again, 'integration_requests')).map(({ id }) => id))
        const stored = batches.filter((_, index) => results[index]?.status === 'fulfilled').flat()
        assert.deepEqual(
          stored.filter(({ id }) => !kept.has(id)),
          [],
        )
      } finally {
        await again.close()
      }
    },
  },
  {
    name: 'closing twice succeeds',
    async check({ store }) {
      await store.close()
      await store.close()
    },
  },
]
