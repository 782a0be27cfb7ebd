import assert from 'node:assert/strict'
import { createRecordId, RECORD_KINDS, type StoreRecord, toJsonValue } from '@fastify-scs/core/kit'
import { assertRejects, findAll, NOON, type Requirement, sample, samples } from './subject.js'

/** What holds for `insert`, `insertDeadLetter` and `get`. */
export const writing: readonly Requirement[] = [
  {
    name: 'a record of each kind comes back as it was written',
    async check({ store }) {
      const records = RECORD_KINDS.map((kind) => sample({ kind, ...complete }))
      await store.insert(records)
      for (const { kind, id, createdAt, revision, keys, data } of records) {
        assert.deepEqual(await store.get(kind, id), { id, kind, createdAt, revision, keys, data })
      }
    },
  },
  {
    name: 'an unknown id, and the id of another kind, is not found',
    async check({ store }) {
      const record = sample()
      await store.insert([record])
      assert.equal(await store.get('integration_requests', createRecordId()), undefined)
      assert.equal(await store.get('reports', record.id), undefined)
      assert.equal(await store.get('integration_requests', 'no id'), undefined)
    },
  },
  {
    name: 'the same record twice, in one batch or in two, is one record',
    async check({ store }) {
      const record = sample()
      await store.insert([record, record])
      await store.insert([record])
      assert.equal((await findAll(store, record.kind)).length, 1)
      assert.equal((await store.size()).records[record.kind], 1)
    },
  },
  {
    name: 'the highest revision is kept, in whatever order revisions arrive',
    async check({ store }) {
      const queued = sample({ keys: { status: 'Queued' }, data: { at: 0 } })
      const failed = { ...queued, revision: 2, keys: { status: 'Failed' }, data: { at: 2 } }
      const sent = {
        ...queued,
        revision: 1,
        keys: { status: 'Sent', statusCode: 1 },
        data: { at: 1 },
      }
      await store.insert([queued])
      await store.insert([failed, sent])
      await store.insert([sent, queued])
      const { importance: _, ...kept } = failed
      assert.deepEqual(await store.get(queued.kind, queued.id), kept)
      assert.deepEqual((await store.find(queued.kind, { status: 'Queued' })).items, [])
    },
  },
  {
    name: 'an empty batch succeeds',
    check: ({ store }) => store.insert([]),
  },
  {
    name: 'a batch with a record that is refused keeps none of its records',
    async check({ store }) {
      const good = sample()
      for (const bad of refused()) {
        await assertRejects(store.insert([good, bad]), 'SCS_STORE_ERR_RECORD_REFUSED')
      }
      assert.equal(await store.get(good.kind, good.id), undefined)
      await store.insert([good])
    },
  },
  {
    name: 'a dead letter is counted once for each id, whatever it holds',
    async check({ store }) {
      const good = sample()
      for (const bad of refused()) await store.insertDeadLetter(asJson(bad), "it can't be kept")
      await store.insertDeadLetter(good, 'as a test')
      await store.insertDeadLetter(good, 'as a test')
      const { deadLetters, records } = await store.size()
      assert.equal(deadLetters, refused().length + 1)
      assert.equal(records[good.kind], 0)
    },
  },
  {
    name: 'texts of every kind are kept: Unicode, quotes, SQL, JSON, line ends, escapes',
    async check({ store }) {
      const records = TEXTS.map((text) => {
        return sample({
          keys: { service: text, summary: text },
          data: { [text]: [text, { text }] },
        })
      })
      await store.insert(records)
      for (const { kind, id, keys, data } of records) {
        const found = await store.get(kind, id)
        assert.deepEqual(found?.keys, keys)
        assert.deepEqual(found?.data, data)
        const page = await store.find(kind, { service: keys.service ?? '' })
        assert.deepEqual(
          page.items.map((item) => item.id),
          [id],
        )
      }
      assert.equal((await store.size()).records.integration_requests, TEXTS.length)
    },
  },
  {
    name: 'NUL and halves of surrogate pairs, which not every database keeps, become U+FFFD',
    async check({ store }) {
      const text = 'a\0b\ud800c'
      const literal = 'not an escape: \\u0000 \\ud800'
      const record = sample({ keys: { service: text }, data: { [text]: text, literal } })
      await store.insert([record])
      const found = await store.get(record.kind, record.id)
      const kept = 'a\ufffdb\ufffdc'
      assert.deepEqual(found?.keys, { service: kept })
      assert.deepEqual(found?.data, { [kept]: kept, literal })
      assert.equal((await store.find(record.kind, { service: text })).items.length, 1)
    },
  },
  {
    name: 'numbers keep their value: large, small, negative, fractions',
    async check({ store }) {
      const numbers = [
        Number.MAX_SAFE_INTEGER,
        -Number.MAX_SAFE_INTEGER,
        1e21,
        5e-324,
        0.1,
        2 ** 53,
      ]
      const record = sample({
        createdAt: 253_402_300_799_999,
        revision: 2_147_483_647,
        keys: { statusCode: 599, durationMs: 1234.5678 },
        data: { numbers },
      })
      await store.insert([record])
      const { importance: _, ...kept } = record
      assert.deepEqual(await store.get(record.kind, record.id), kept)
    },
  },
  {
    name: 'a record of some megabytes is kept, and a key that is too long for an index is cut',
    async check({ store }) {
      const huge = { body: 'é'.repeat(2_000_000) }
      const service = '表'.repeat(10_000)
      const record = sample({ keys: { service, summary: service }, data: huge })
      await store.insert([record])
      const page = await store.find(record.kind, { service })
      assert.deepEqual(
        page.items.map(({ id }) => id),
        [record.id],
      )
      assert.deepEqual(page.items[0]?.data, huge)
      assert.ok(service.startsWith(page.items[0]?.keys.service ?? 'nothing'))
    },
  },
  {
    name: 'batches that are written at the same time are all kept',
    async check({ store }) {
      const batches = Array.from({ length: 20 }, () => samples(50, () => ({})))
      await Promise.all(batches.map((batch) => store.insert(batch)))
      assert.equal((await store.size()).records.integration_requests, 1_000)
    },
  },
]

const complete: Pick<StoreRecord, 'revision' | 'keys' | 'data'> = {
  revision: 3,
  keys: {
    service: 'stripe',
    status: 'Failed',
    statusCode: 502,
    fingerprint: 'f00d',
    level: 'error',
    requestId: 'req-1',
    referenceType: 'Order',
    referenceId: '42',
    user: 'ada',
    durationMs: 12.5,
    summary: 'POST /v1/charges',
  },
  data: {
    text: 'x',
    yes: true,
    no: false,
    nothing: null,
    list: [1, [2, {}]],
    deep: { er: { n: 1 } },
  },
}

const TEXTS = [
  "Robert'); DROP TABLE integration_requests;--",
  '" or 1=1 --',
  '$1 ? :name @name %s {}',
  '100% _sure_ \\',
  'Zoë 東京 🎉 مرحبا \u202e',
  'line\nend\r\ttab',
  '{"json":"\\u0041"}',
  '',
  ' ',
]

/** As the deferred writer hands them to `insertDeadLetter`. */
function asJson(record: StoreRecord): StoreRecord {
  return toJsonValue(record) as unknown as StoreRecord
}

/** Records that no store keeps; each is wrong in one way, past what the types forbid. */
function refused(): StoreRecord[] {
  const wrong = (given: object) => ({ ...sample(), ...given }) as StoreRecord
  return [
    wrong({ id: 'not a uuid' }),
    wrong({ kind: 'cats' }),
    wrong({ createdAt: Number.NaN }),
    wrong({ revision: 0.5 }),
    wrong({ keys: { service: { name: 'x' } } }),
    wrong({ keys: { statusCode: 'x' } }),
    wrong({ data: null }),
    wrong({ data: { big: 1n } }),
    wrong({ createdAt: NOON, data: { call: () => NOON, again: 1n } }),
  ]
}
