import assert from 'node:assert/strict'
import type { RecordFilter, RecordKeys, RecordKind } from '@fastify-scs/core/kit'
import {
  assertFinds,
  assertRejects,
  findAll,
  NOON,
  type Requirement,
  sample,
  samples,
} from './subject.js'

/** What holds for `find`. */
export const finding: readonly Requirement[] = [
  {
    name: 'each key is a filter that finds what is equal to it and nothing else',
    async check({ store }) {
      const keys: [keyof RecordKeys, (value: string) => RecordFilter][] = [
        ['service', (service) => ({ service })],
        ['status', (status) => ({ status })],
        ['fingerprint', (fingerprint) => ({ fingerprint })],
        ['level', (level) => ({ level })],
        ['requestId', (requestId) => ({ requestId })],
        ['referenceType', (type) => ({ reference: { type } })],
        ['referenceId', (id) => ({ reference: { id } })],
        ['user', (user) => ({ user })],
        ['route', (route) => ({ route })],
        ['release', (release) => ({ release })],
        ['traceId', (traceId) => ({ traceId })],
      ]
      for (const [key, filterFor] of keys) {
        const value = `value of ${key}`
        const matches = samples(3, () => ({ keys: { [key]: value } }))
        await store.insert([...matches, sample({ keys: { [key]: `${value}.` } }), sample()])
        await assertFinds(store, filterFor(value), matches)
        await assertFinds(store, filterFor(value.toUpperCase()), [])
      }
    },
  },
  {
    name: 'status codes are found one by one and by ranges with both ends included or open',
    async check({ store }) {
      const codes = [200, 404, 499, 500, 503]
      const records = samples(codes.length, (index) => ({
        keys: { statusCode: codes[index] ?? 0 },
      }))
      await store.insert([...records, sample()])
      await assertFinds(store, { statusCode: 404 }, records.slice(1, 2))
      await assertFinds(store, { statusCode: { from: 404, to: 500 } }, records.slice(1, 4))
      await assertFinds(store, { statusCode: { from: 500 } }, records.slice(3))
      await assertFinds(store, { statusCode: { to: 404 } }, records.slice(0, 2))
    },
  },
  {
    name: 'a time range has its beginning and not its end, in every form of a time',
    async check({ store }) {
      const records = samples(5, () => ({}))
      await store.insert(records)
      const from = NOON + 1_000
      const to = NOON + 3_000
      await assertFinds(store, { from, to }, records.slice(1, 3))
      await assertFinds(
        store,
        { from: new Date(from), to: new Date(to).toISOString() },
        records.slice(1, 3),
      )
      await assertFinds(store, { from: to }, records.slice(3))
      await assertFinds(store, { to: from }, records.slice(0, 1))
      await assertFinds(store, { from: to, to: from }, [])
    },
  },
  {
    name: 'all parts of a filter hold together',
    async check({ store }) {
      const records = samples(64, (index) => ({
        keys: {
          service: index & 1 ? 'stripe' : 'adyen',
          status: index & 2 ? 'Failed' : 'Completed',
          statusCode: index & 4 ? 500 : 200,
          user: index & 8 ? 'ada' : 'bob',
          summary: index & 16 ? 'POST /charges' : 'GET /balance',
          ...(index & 32 ? { referenceType: 'Order', referenceId: '42' } : {}),
        },
      }))
      await store.insert(records)
      const matches = records.filter((_, index) => index >= 8 && (index & 7) === 7)
      const filter = { service: 'stripe', status: 'Failed', statusCode: 500, from: NOON + 8_000 }
      await assertFinds(store, filter, matches)
      await assertFinds(
        store,
        { ...filter, user: 'ada' },
        matches.filter((record) => record.keys.user === 'ada'),
      )
      const reference = { type: 'Order', id: '42' }
      const text = 'charges'
      const one = records.filter((_, index) => (index & 63) === 63)
      await assertFinds(store, { ...filter, user: 'ada', reference, text }, one)
    },
  },
  {
    name: 'text is found anywhere in the summary, in whatever case, and means what it says',
    async check({ store }) {
      const summaries = [
        '100% sure',
        '100 sure',
        'a_b',
        'aXb',
        'it\'s \\ "quoted"',
        'ÉCOLE İstanbul',
        '',
      ]
      const records = samples(summaries.length, (index) => ({
        keys: { summary: summaries[index] ?? '' },
      }))
      await store.insert([...records, sample()])
      const expectText = (text: string, expected: readonly number[]) => {
        const matches = records.filter((_, index) => expected.includes(index))
        return assertFinds(store, { text, from: NOON }, matches)
      }
      await expectText('% s', [0])
      await expectText('SURE', [0, 1])
      await expectText('_', [2])
      await expectText('axB', [3])
      await expectText('\'S \\ "Q', [4])
      await expectText('école', [5])
      await expectText('no such text', [])
      await expectText('', [0, 1, 2, 3, 4, 5, 6])
    },
  },
  {
    name: 'text without a time is looked for in the 7 days before',
    async check({ store }) {
      const keys = { summary: 'needle' }
      const recent = sample({ keys, createdAt: Date.now() - 6 * 86_400_000 })
      const old = sample({ keys, createdAt: Date.now() - 8 * 86_400_000 })
      await store.insert([recent, old])
      await assertFinds(store, { text: 'needle' }, [recent])
      await assertFinds(store, { text: 'needle', from: 0 }, [recent, old])
      await assertFinds(store, { text: 'needle', to: recent.createdAt }, [old])
    },
  },
  {
    name: 'pages are newest first, full, without gaps or repeats, also within one millisecond',
    async check({ store }) {
      const records = samples(30, (index) => ({ createdAt: NOON + Math.floor(index / 10) }))
      await store.insert([...records].reverse())
      for (const limit of [1, 7, 10, 29, 30, 31]) await assertFinds(store, { limit }, records)
      const last = await store.find('integration_requests', { limit: 30 })
      assert.equal(last.nextCursor, undefined)
      const first = await store.find('integration_requests', { limit: 29 })
      assert.equal(first.items.length, 29)
      assert.notEqual(first.nextCursor, undefined)
    },
  },
  {
    name: 'a cursor stays where it is while records arrive, with filters of every kind',
    async check({ store }) {
      const keys = { service: 'a', statusCode: 500, summary: 'find me' }
      const filters = [{}, { service: 'a' }, { statusCode: { from: 400 } }, { text: 'me' }]
      for (const [index, filter] of filters.entries()) {
        const from = NOON + index * 3_600_000
        const records = samples(20, () => ({ keys, createdAt: from }))
        await store.insert(records)
        const page = { ...filter, from, limit: 10 }
        const first = await store.find('integration_requests', page)
        await store.insert(samples(5, () => ({ keys, createdAt: from + 60_000 })))
        const cursor = first.nextCursor ?? 'none'
        const next = await store.find('integration_requests', { ...page, cursor })
        const found = [...first.items, ...next.items].map(({ id }) => id)
        assert.deepEqual(found, records.map(({ id }) => id).reverse())
      }
    },
  },
  {
    name: 'a page has 50 items by default, 500 at most, and a wrong filter is refused',
    async check({ store }) {
      await store.insert(samples(600, () => ({})))
      assert.equal((await store.find('integration_requests', {})).items.length, 50)
      assert.equal((await store.find('integration_requests', { limit: 500 })).items.length, 500)
      const wrong: object[] = [
        { limit: 0 },
        { limit: 501 },
        { limit: 1.5 },
        { limit: Number.NaN },
        { cursor: 'x' },
        { cursor: '' },
        { from: 'yesterday' },
        { statusCode: 'x' },
        { service: 7 },
        { servcie: 'stripe' },
      ]
      for (const filter of wrong) {
        await assertRejects(store.find('integration_requests', filter), 'SCS_STORE_ERR_FILTER')
      }
      assert.equal((await findAll(store, 'integration_requests')).length, 600)
    },
  },
  {
    name: 'an unknown kind, which may come from a URL, is refused by every call that reads',
    async check({ store }) {
      const kind = 'reports; DROP TABLE reports' as RecordKind
      const query = { from: NOON, to: NOON + 60_000, bucketMs: 60_000 }
      const code = 'SCS_STORE_ERR_FILTER'
      await assertRejects(store.find(kind, {}), code)
      await assertRejects(store.get(kind, sample().id), code)
      await assertRejects(store.buckets(kind, query), code)
      await assertRejects(store.tally(kind, { by: 'service', from: NOON }), code)
    },
  },
]
