import assert from 'node:assert/strict'
import type { BucketQuery, TallyQuery } from '../port.js'
import { assertRejects, NOON, type Requirement, sample, samples } from './subject.js'

const HOUR_MS = 3_600_000
const SPAN = { from: NOON, to: NOON + HOUR_MS }

/** What holds for `tally`, and for `buckets` by a field. */
export const tallying: readonly Requirement[] = [
  {
    name: 'records are counted by each field, those without it not at all',
    async check({ store }) {
      const fields = [
        'service',
        'route',
        'status',
        'fingerprint',
        'user',
        'level',
        'release',
      ] as const
      const value = (field: string, index: number) => `${field} ${index < 6 ? 'a' : 'B'}`
      const records = samples(10, (index) => ({
        keys: {
          ...Object.fromEntries(fields.map((field) => [field, value(field, index)])),
          statusCode: index < 6 ? 500 : 404,
        },
      }))
      await store.insert([...records, sample()])
      const lastAt = (index: number) => NOON + index * 1_000
      for (const by of [...fields, 'statusCode'] as const) {
        const [first, second] = by === 'statusCode' ? ['500', '404'] : [`${by} a`, `${by} B`]
        assert.deepEqual(await store.tally('integration_requests', { by, ...SPAN }), {
          items: [
            { value: first, count: 6, lastAt: lastAt(5) },
            { value: second, count: 4, lastAt: lastAt(9) },
          ],
          total: 10,
        })
      }
      const none = await store.tally('reports', { by: 'service', ...SPAN })
      assert.deepEqual(none, { items: [], total: 0 })
    },
  },
  {
    name: 'audit events are counted by their type',
    async check({ store }) {
      const keys = { fingerprint: 'login', user: 'ada' }
      await store.insert([sample({ kind: 'audit_events', keys })])
      const { items } = await store.tally('audit_events', { by: 'type', ...SPAN })
      assert.deepEqual(items, [{ value: 'login', count: 1, lastAt: NOON }])
    },
  },
  {
    name: 'the values with the most records come first, then by value, and all count to the total',
    async check({ store }) {
      const names = ['b', 'a', 'B', '_', 'é', 'c', 'c', '']
      await store.insert(
        samples(names.length, (index) => ({ keys: { service: names[index] ?? '' } })),
      )
      const valuesOf = async (limit?: number) => {
        const query = limit === undefined ? SPAN : { ...SPAN, limit }
        const tally = await store.tally('integration_requests', { by: 'service', ...query })
        assert.equal(tally.total, 8)
        return tally.items.map(({ value }) => value)
      }
      assert.deepEqual(await valuesOf(), ['c', '', 'B', '_', 'a', 'b', 'é'])
      assert.deepEqual(await valuesOf(3), ['c', '', 'B'])
      await store.insert(samples(20, (index) => ({ keys: { service: `n${index}` } })))
      const { items, total } = await store.tally('integration_requests', { by: 'service', ...SPAN })
      assert.deepEqual([items.length, total], [10, 28])
    },
  },
  {
    name: 'only records of the time and of the filter are counted, whatever its fields are',
    async check({ store }) {
      const records = samples(32, (index) => ({
        keys: {
          service: 'pay',
          status: index & 1 ? 'Failed' : 'Completed',
          statusCode: index & 2 ? 503 : 404,
          route: index & 4 ? 'GET /a' : 'GET /b',
          referenceType: index & 8 ? 'Order' : 'User',
        },
        data: {
          method: index & 16 ? 'POST' : 'GET',
          url: 'https://a.com/v1',
          isRemoteRequest: true,
        },
      }))
      await store.insert([...records, sample({ createdAt: NOON - 1, keys: { service: 'pay' } })])
      const counted = async (where: NonNullable<TallyQuery['where']>, span = SPAN) => {
        const query = { by: 'service', ...span, where } as const
        return (await store.tally('integration_requests', query)).total
      }
      assert.equal(await counted({}), 32)
      assert.equal(await counted({}, { from: NOON + 1_000, to: NOON + 3_000 }), 2)
      assert.equal(await counted({ status: ['Failed'], route: 'GET /a' }), 8)
      assert.equal(await counted({ status: [] }), 0)
      assert.equal(await counted({ statusNot: 'Failed', statusCode: { from: 500 } }), 8)
      assert.equal(await counted({ method: 'post', urlPrefix: 'https://a', direction: 'out' }), 16)
      assert.equal(await counted({ reference: { type: 'Order' }, service: 'pay' }), 16)
      assert.equal(await counted({ service: 'a\0b' }), 0)
    },
  },
  {
    name: 'a wrong tally is refused',
    async check({ store }) {
      const wrong: object[] = [
        { by: 'summary' },
        { by: 'summary; DROP TABLE reports' },
        { limit: 0 },
        { limit: 101 },
        { from: undefined },
        { to: NOON - 1 },
        { to: NOON + 32 * 24 * HOUR_MS },
        { where: { servcie: 'a' } },
        { where: { text: 'a' } },
        { where: { cursor: 'a' } },
        { where: { limit: 7 } },
        { wher: {} },
      ]
      for (const given of wrong) {
        const query = { by: 'service', ...SPAN, ...given } as TallyQuery
        await assertRejects(store.tally('integration_requests', query), 'SCS_STORE_ERR_FILTER')
      }
    },
  },
  {
    name: 'buckets count by the field that is asked for, of records that have what is asked for',
    async check({ store }) {
      const records = samples(16, (index) => ({
        createdAt: NOON,
        keys: {
          service: index & 1 ? 's' : 't',
          status: index & 2 ? 'Failed' : 'Completed',
          fingerprint: index & 4 ? 'f' : 'g',
          route: index & 8 ? 'GET /a' : 'GET /b',
          statusCode: index & 1 ? 500 : 404,
          level: 'error',
        },
      }))
      await store.insert([...records, sample()])
      const query = { from: NOON, to: NOON + 60_000, bucketMs: 60_000 }
      const countsOf = async (given: Partial<BucketQuery>) => {
        const [bucket] = await store.buckets('integration_requests', { ...query, ...given })
        return [bucket?.count, bucket?.byStatus]
      }
      assert.deepEqual(await countsOf({}), [17, { Failed: 8, Completed: 8 }])
      assert.deepEqual(await countsOf({ by: 'service' }), [17, { s: 8, t: 8 }])
      assert.deepEqual(await countsOf({ by: 'statusCode', service: 's' }), [8, { 500: 8 }])
      assert.deepEqual(await countsOf({ by: 'type', status: 'Failed' }), [8, { f: 4, g: 4 }])
      assert.deepEqual(await countsOf({ by: 'level', fingerprint: 'f' }), [8, { error: 8 }])
      assert.deepEqual(await countsOf({ by: 'user', route: 'GET /a' }), [8, {}])
      const all = { service: 's', status: 'Failed', fingerprint: 'f', route: 'GET /a' }
      assert.deepEqual(await countsOf({ ...all, by: 'route' }), [1, { 'GET /a': 1 }])
      assert.deepEqual(await countsOf({ route: 'GET\0' }), [undefined, undefined])
      const refused = [{ by: 'summary' }, { route: 7 }, { status: [] }, { rout: 'a' }]
      for (const wrong of [...refused, { percentiles: 'no' }]) {
        const asked = { ...query, ...wrong } as BucketQuery
        await assertRejects(store.buckets('integration_requests', asked), 'SCS_STORE_ERR_FILTER')
      }
    },
  },
  {
    name: 'buckets without percentiles have the same counts and no durations',
    async check({ store }) {
      const records = samples(40, (index) => ({
        createdAt: NOON + index * 7_000,
        keys: {
          ...(index % 5 === 0 ? {} : { service: index & 1 ? 's' : 't' }),
          ...(index % 3 === 0 ? {} : { status: index & 2 ? 'Failed' : 'Completed' }),
          ...(index % 4 === 0 ? { fingerprint: 'f', route: 'GET /a', level: 'error' } : {}),
          statusCode: 400 + (index % 2),
          durationMs: index,
        },
      }))
      await store.insert(records)
      const span = { from: NOON - 5_500, to: NOON + 250_000, bucketMs: 13_000 }
      const asked: readonly Partial<BucketQuery>[] = [
        {},
        { by: 'status' },
        { by: 'service' },
        { by: 'statusCode', service: 's' },
        { by: 'service', status: 'Failed' },
        { by: 'route', fingerprint: 'f' },
        { by: 'route' },
        { route: 'GET /a' },
        { from: NOON - 1e12, bucketMs: 1e10 },
        { from: NOON + 0.5, to: NOON + 200_000.25 },
        { status: 'none' },
      ]
      for (const given of asked) {
        const query = { ...span, ...given }
        const whole = await store.buckets('integration_requests', query)
        const counted = await store.buckets('integration_requests', {
          ...query,
          percentiles: false,
        })
        assert.deepEqual(
          counted,
          whole.map(({ durationMs: _durationMs, ...counts }) => counts),
        )
      }
    },
  },
]
