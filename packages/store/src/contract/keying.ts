import assert from 'node:assert/strict'
import {
  asFound,
  assertFinds,
  findAll,
  NOON,
  type Requirement,
  sample,
  samples,
  setVersions,
} from './subject.js'

/** What holds for the keys of records, of which each is unique in its kind and service. */
export const keying: readonly Requirement[] = [
  {
    name: 'a key belongs to one record of its kind and service, with or without a service',
    async check({ store }) {
      for (const keys of [{ key: 'k', service: 'a' }, { key: 'k' }]) {
        const holder = sample({ keys })
        assert.deepEqual(await setVersions(store, [holder, undefined]), [])
        const other = sample({ keys, data: { other: true } })
        const taken = [{ reason: 'key', id: other.id, holderId: holder.id }]
        assert.deepEqual(await setVersions(store, [other, undefined]), taken)
        assert.equal(await store.get(other.kind, other.id), undefined)
        // Its own key is not taken by itself.
        assert.deepEqual(await setVersions(store, [{ ...holder, revision: 1 }, 0]), [])
        // Nor does it get one that another record has by a change.
        const plain = sample({ keys: { ...keys, key: 'its own' } })
        assert.deepEqual(await setVersions(store, [plain, undefined]), [])
        const renamed = { ...plain, revision: 1, keys }
        const refused = [{ reason: 'key', id: plain.id, holderId: holder.id }]
        assert.deepEqual(await setVersions(store, [renamed, 0]), refused)
        assert.deepEqual(await store.get(plain.kind, plain.id), asFound(plain))
      }
    },
  },
  {
    name: 'the same key is free in another service, another kind, and in another case',
    async check({ store }) {
      const kept = [
        sample({ keys: { key: 'k', service: 'a' } }),
        sample({ keys: { key: 'k', service: 'b' } }),
        sample({ keys: { key: 'k' } }),
        sample({ keys: { key: 'K', service: 'a' } }),
        sample({ keys: { key: 'k ', service: 'a' } }),
        sample({ kind: 'reports', keys: { key: 'k', service: 'a' } }),
        sample({ keys: { service: 'a' } }),
        sample({ keys: { service: 'a' } }),
      ]
      assert.deepEqual(
        await setVersions(store, ...kept.map((record) => [record, undefined] as const)),
        [],
      )
      for (const record of kept)
        assert.deepEqual(await store.get(record.kind, record.id), asFound(record))
    },
  },
  {
    name: 'of two versions of one call with the same key one is kept',
    async check({ store }) {
      const pair = samples(2, () => ({ keys: { key: 'k', service: 'a' } }))
      const unkept = await setVersions(store, ...pair.map((record) => [record, undefined] as const))
      const [kept, ...others] = await findAll(store, 'integration_requests', { key: 'k' })
      assert.equal(others.length, 0)
      const lost = pair.find(({ id }) => id !== kept?.id)
      assert.deepEqual(unkept, [{ reason: 'key', id: lost?.id, holderId: kept?.id }])
    },
  },
  {
    name: 'a key is free again when its record is pruned, or has another one',
    async check({ store }) {
      const keys = { key: 'k', service: 'a' }
      const first = sample({ createdAt: NOON, keys })
      await setVersions(store, [first, undefined])
      await store.prune({ olderThan: NOON + 1 })
      const second = sample({ createdAt: NOON + 5, keys })
      assert.deepEqual(await setVersions(store, [second, undefined]), [])
      const renamed = { ...second, revision: 1, keys: { ...keys, key: 'k2' } }
      assert.deepEqual(await setVersions(store, [renamed, 0]), [])
      const third = sample({ keys })
      assert.deepEqual(await setVersions(store, [third, undefined]), [])
      await assertFinds(store, { key: 'k' }, [third])
    },
  },
  {
    name: 'of records that take one key at the same time one gets it, and calls that overlap do not block each other',
    async check({ store }) {
      const shared = samples(20, () => ({ keys: { key: 'one', service: 'a' } }))
      const own = samples(20, (index) => ({ keys: { key: `own ${index}`, service: 'a' } }))
      const calls = shared.map((record, index) => {
        const pair = [record, own[index] ?? record].map((each) => [each, undefined] as const)
        return setVersions(store, ...(index % 2 === 0 ? pair : pair.reverse()))
      })
      const unkept = (await Promise.all(calls)).flat()
      const [holder, ...others] = await findAll(store, 'integration_requests', { key: 'one' })
      assert.equal(others.length, 0)
      assert.equal(unkept.length, 19)
      for (const each of unkept) {
        assert.equal(each.reason, 'key')
        assert.equal('holderId' in each && each.holderId, holder?.id)
      }
      for (const record of own)
        assert.deepEqual(await store.get(record.kind, record.id), asFound(record))
    },
  },
]
