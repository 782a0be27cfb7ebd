import assert from 'node:assert/strict'
import {
  asFound,
  assertFinds,
  assertRejects,
  NOON,
  type Requirement,
  sample,
  samples,
  setVersions,
} from './subject.js'

/** What holds for `compareAndSet`. */
export const changing: readonly Requirement[] = [
  {
    name: 'a version of a new record is stored, with its stamps, key and remoteId',
    async check({ store }) {
      const record = sample({
        revision: 4,
        keys: { service: 'mpesa', key: 'ws_CO_1', remoteId: 'amzn-1', status: 'Queued' },
        data: { status: 'Queued', data: { token: 'x' } },
        stamps: { 'data.status': 1_700_000_000_000_001, 'data.data.to.ken': 2, 'keys.status': 3.5 },
      })
      assert.deepEqual(await setVersions(store, [record, undefined]), [])
      assert.deepEqual(await store.get(record.kind, record.id), asFound(record))
      const page = await store.find(record.kind, { key: 'ws_CO_1', service: 'mpesa' })
      assert.deepEqual(page.items, [asFound(record)])
    },
  },
  {
    name: 'a version is not stored where another one is, and the stored one comes back',
    async check({ store }) {
      const there = sample({
        revision: 2,
        keys: { key: 'k', service: 's' },
        stamps: { 'data.a': 7 },
      })
      await setVersions(store, [there, undefined])
      const version = { ...there, revision: 3, data: { a: 1 } }
      const unkept = { reason: 'revision', id: there.id, found: asFound(there) }
      for (const expected of [undefined, 0, 1, 3]) {
        assert.deepEqual(
          await setVersions(store, [version, expected]),
          [unkept],
          `expected ${expected}`,
        )
      }
      assert.deepEqual(await store.get(there.kind, there.id), asFound(there))
    },
  },
  {
    name: 'a version replaces the one with just the revision that is expected, also one that was inserted',
    async check({ store }) {
      const record = sample({ keys: { status: 'Queued', user: 'ada' }, data: { url: 'http://a/' } })
      await store.insert([record])
      const next = {
        ...record,
        revision: 1,
        keys: { status: 'Completed' },
        stamps: { 'keys.status': 1 },
      }
      assert.deepEqual(await setVersions(store, [next, 0]), [])
      assert.deepEqual(await store.get(record.kind, record.id), asFound(next))
      const last = { ...record, revision: 7, data: { method: 'PUT' }, keys: { key: 'late' } }
      assert.deepEqual(await setVersions(store, [last, 1]), [])
      assert.deepEqual(await store.get(record.kind, record.id), asFound(last))
      await assertFinds(store, { status: 'Completed' }, [])
      await assertFinds(store, { urlPrefix: 'http://a/' }, [])
      await assertFinds(store, { key: 'late', method: 'put' }, [last])
    },
  },
  {
    name: 'a version that is to replace one that is not stored comes back as gone',
    async check({ store }) {
      const record = sample({ revision: 1, createdAt: NOON })
      const gone = [{ reason: 'gone', id: record.id }]
      assert.deepEqual(await setVersions(store, [record, 0]), gone)
      await setVersions(store, [record, undefined])
      await store.prune({ olderThan: NOON + 1 })
      assert.deepEqual(await setVersions(store, [{ ...record, revision: 2 }, 1]), gone)
      assert.equal(await store.get(record.kind, record.id), undefined)
      assert.deepEqual(await setVersions(store, [{ ...record, revision: 2 }, undefined]), [])
    },
  },
  {
    name: 'a call with a record that is refused keeps none of its versions',
    async check({ store }) {
      const there = sample({ data: { at: 0 } })
      await store.insert([there])
      const next = { ...there, revision: 1, data: { at: 1 } }
      const fresh = sample()
      const wrong = [
        { ...sample(), id: 'not a uuid' },
        sample({ keys: { key: 7 as never } }),
        sample({ stamps: { 'data.a': Number.NaN } }),
        sample({ stamps: { 'data.a': 'x' as never } }),
      ]
      for (const bad of wrong) {
        const call = setVersions(store, [fresh, undefined], [next, 0], [bad, undefined])
        await assertRejects(call, 'SCS_STORE_ERR_RECORD_REFUSED')
      }
      assert.equal(await store.get(fresh.kind, fresh.id), undefined)
      assert.deepEqual(await store.get(there.kind, there.id), asFound(there))
      assert.deepEqual(await setVersions(store, [fresh, undefined], [next, 0]), [])
    },
  },
  {
    name: 'many versions of many records, of every kind, are kept in one call, and the others come back',
    async check({ store }) {
      const kinds = ['integration_requests', 'reports', 'audit_events', 'route_stats'] as const
      const records = samples(600, (index) => ({
        kind: kinds[(index >> 3) % 4] ?? 'reports',
        keys: { service: 'a', key: `key ${index}` },
        data: { index, body: 'x'.repeat(200) },
      }))
      const there = records.filter((_, index) => index % 4 === 0)
      await store.insert([])
      assert.deepEqual(
        await setVersions(store, ...there.map((record) => [record, undefined] as const)),
        [],
      )
      const versions = records.map((record, index) => {
        const next = { ...record, revision: 1, stamps: { 'data.index': index + 1 } }
        // Every eighth is a change; of those that are there the others are not expected.
        return [next, index % 8 === 0 ? 0 : undefined] as const
      })
      const unkept = await setVersions(store, ...versions)
      const expected = records
        .filter((_, index) => index % 8 === 4)
        .map((record) => ({
          reason: 'revision',
          id: record.id,
          found: asFound(record),
        }))
      const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1)
      assert.deepEqual([...unkept].sort(byId), expected.sort(byId))
      for (const [index, [record]] of versions.entries()) {
        const kept = index % 8 === 4 ? (records[index] ?? record) : record
        assert.deepEqual(await store.get(kept.kind, kept.id), asFound(kept))
      }
    },
  },
  {
    name: 'of versions of one record that are set at the same time one is kept',
    async check({ store }) {
      const record = sample({ data: { writer: -1 } })
      for (const [round, expected] of ([undefined, 0, 1] as const).entries()) {
        const versions = Array.from({ length: 20 }, (_, writer) => {
          return {
            ...record,
            revision: round,
            data: { writer },
            stamps: { 'data.writer': round + 1 },
          }
        })
        const answers = await Promise.all(
          versions.map((version) => setVersions(store, [version, expected])),
        )
        const winners = answers.flatMap((unkept, writer) => (unkept.length === 0 ? [writer] : []))
        assert.equal(winners.length, 1, `of ${JSON.stringify(winners)} in round ${round}`)
        const found = await store.get(record.kind, record.id)
        assert.deepEqual(found?.data, { writer: winners[0] })
        const losers = answers.flat()
        assert.equal(losers.length, 19)
        for (const unkept of losers) assert.equal(unkept.reason, 'revision')
      }
    },
  },
  {
    name: 'an inserted record with a lower revision, or the same, leaves a changed one as it is',
    async check({ store }) {
      const record = sample({ revision: 1, data: { at: 1 }, stamps: { 'data.at': 1 } })
      await setVersions(store, [record, undefined])
      const { stamps: _, ...plain } = record
      await store.insert([{ ...plain, revision: 0, data: { at: 0 } }, sample()])
      await store.insert([{ ...plain, data: { at: 0 } }])
      assert.deepEqual(await store.get(record.kind, record.id), asFound(record))
    },
  },
  {
    name: 'insertSync stores what is new; where another version is stored it merges, or says that it did not',
    async check({ store }) {
      if (!store.traits.insertsSync) return
      const [plain, fresh, there] = samples(3, (index) => ({ data: { index, status: 'Queued' } }))
      if (plain === undefined || fresh === undefined || there === undefined) return
      const stamps = { 'data.status': 5 }
      const keys = { service: 'a', key: 'k' }
      assert.equal(store.insertSync([[plain], [{ ...fresh, keys, stamps }]], 30_000), true)
      assert.deepEqual(await store.get(plain.kind, plain.id), asFound(plain))
      assert.deepEqual(await store.get(fresh.kind, fresh.id), asFound({ ...fresh, keys, stamps }))
      const theirs = { ...there, data: { ...there.data, theirs: 1 }, stamps: { 'data.theirs': 3 } }
      await setVersions(store, [theirs, undefined])
      const ours = { ...there, revision: 1, data: { index: 2, status: 'Completed' }, stamps }
      const isMerged = store.insertSync([[ours]], 30_000)
      const { data } = (await store.get(there.kind, there.id)) ?? {}
      const merged = { ...theirs.data, status: 'Completed' }
      assert.deepEqual(data, isMerged ? merged : theirs.data)
    },
  },
  {
    name: 'no versions is no failure',
    async check({ store }) {
      assert.deepEqual(await store.compareAndSet([]), [])
    },
  },
]
