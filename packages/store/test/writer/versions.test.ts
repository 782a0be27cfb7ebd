import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { CheckedAdapter, sample, samples } from '../../src/contract/index.js'
import type { ExpectedVersion, FoundRecord, StoreRecord, UnkeptVersion } from '../../src/index.js'
import { type AdapterTraits, PLAIN_TRAITS } from '../../src/index.js'
import { MAX_TRIES } from '../../src/writer/version-sender.js'
import { buildStore, endProcess, filesIn, newFolder } from '../build-store.js'
import { GatedStore } from '../gated-store.js'

const FAST = { retryMs: 5, maxRetryMs: 20 }

/** A later version of a record, with some fields of its data and what the stamps of these are. */
function changed(record: StoreRecord, stamp: number, fields: StoreRecord['data']): StoreRecord {
  const stamps = Object.fromEntries(Object.keys(fields).map((name) => [`data.${name}`, stamp]))
  return {
    ...record,
    revision: record.revision + 1,
    data: { ...record.data, ...fields },
    stamps: { ...record.stamps, ...stamps },
  }
}

async function stored(adapter: GatedStore, { kind, id }: StoreRecord): Promise<FoundRecord> {
  const found = await new CheckedAdapter(adapter).get(kind, id)
  if (found === undefined) throw new Error('it is not stored')
  return found
}

const made = () => sample({ data: { status: 'Queued', output: null, note: null } })

describe('versions of one record', () => {
  it.each([
    ['in one batch', 100],
    ['in batches of their own, which are under way together', 1],
  ])(
    'that two handles wrote are merged, in either order of arrival, %s',
    async (_, batchRecords) => {
      for (const isReversed of [false, true]) {
        const adapter = new GatedStore()
        const { app } = await buildStore({ adapter, batchRecords })
        const record = made()
        const authorized = changed(record, 10, { status: 'Authorized', note: 'seen' })
        const completed = changed(record, 11, { status: 'Completed', output: { id: 7 } })
        const versions = [record, authorized, completed]
        for (const one of isReversed ? versions.reverse() : versions) app.scsStore.write(one)
        expect(await app.scsStore.flush()).toBe(true)
        const { data, stamps } = await stored(adapter, record)
        expect(data).toEqual({ status: 'Completed', output: { id: 7 }, note: 'seen' })
        expect(stamps).toEqual({ 'data.status': 11, 'data.output': 11, 'data.note': 10 })
        const { written, contended, queue } = await app.scsStore.stats()
        expect([written, contended, queue.records]).toEqual([3, 0, 0])
      }
    },
  )

  it('cost nothing to records that nobody changes: those are inserted as ever', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter })
    for (const record of samples(250, () => ({}))) app.scsStore.write(record)
    await app.scsStore.flush()
    expect([adapter.batches, adapter.sets]).toEqual([3, 0])
    app.scsStore.write(changed(made(), 1, { status: 'Completed' }))
    for (const record of samples(9, () => ({}))) app.scsStore.write(record)
    await app.scsStore.flush()
    expect([adapter.batches, adapter.sets]).toEqual([4, 1])
  })

  it('that come again after a newer one change nothing', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter })
    const first = changed(made(), 5, { status: 'Authorized' })
    const second = changed(first, 6, { status: 'Completed' })
    for (const version of [first, second]) {
      app.scsStore.write(version)
      await app.scsStore.flush()
    }
    const before = await stored(adapter, first)
    for (const version of [first, second, made(), first]) app.scsStore.write(version)
    await app.scsStore.flush()
    expect(await stored(adapter, first)).toEqual(before)
    expect((await app.scsStore.stats()).merged).toBe(2)
  })

  it('what another process has changed meanwhile stays, however long the database was away', async () => {
    const adapter = new GatedStore()
    const outboxPath = join(newFolder(), 'outbox')
    const { app } = await buildStore({ adapter, outboxPath, maxQueuedRecords: 10, ...FAST })
    const record = made()
    await adapter.setElsewhere(record)
    adapter.isAvailable = false
    app.scsStore.write(changed(record, 20, { status: 'Completed' }))
    await vi.waitFor(async () => expect((await app.scsStore.stats()).isAvailable).toBe(false))
    // Most of them go to the outbox.
    for (let index = 0; index < 50; index++)
      app.scsStore.write(changed(record, 21 + index, { [`p${index}`]: index }))
    await vi.waitFor(async () => expect((await app.scsStore.stats()).spilled).toBeGreaterThan(30))
    const theirs = changed(record, 15, { status: 'Authorized', note: 'theirs' })
    await adapter.setElsewhere(theirs, 0)
    adapter.isAvailable = true
    await vi.waitFor(async () => expect(await app.scsStore.flush()).toBe(true))
    const { data } = await stored(adapter, record)
    expect(data).toMatchObject({ status: 'Completed', note: 'theirs', p0: 0, p49: 49 })
    expect(Object.keys(data)).toHaveLength(53)
  })

  it.each(['default', 'process'] as const)(
    'that wait when the process ends are merged by the next start, with durability: %s',
    async (durability) => {
      const adapter = new GatedStore()
      const outboxPath = join(newFolder(), 'outbox')
      const { app } = await buildStore({ adapter, outboxPath, durability, ...FAST })
      const record = made()
      await adapter.setElsewhere(record)
      adapter.isAvailable = false
      app.scsStore.write(changed(record, 20, { status: 'Completed' }))
      await app.close()
      expect(filesIn(outboxPath)).toHaveLength(1)
      await adapter.setElsewhere(changed(record, 15, { status: 'Authorized', note: 'theirs' }), 0)
      adapter.isAvailable = true
      const { app: next } = await buildStore({ adapter, outboxPath, durability })
      expect(await next.scsStore.flush()).toBe(true)
      const { data } = await stored(adapter, record)
      expect(data).toMatchObject({ status: 'Completed', note: 'theirs' })
    },
  )

  it('that leave in batches which are under way together are all kept', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, batchRecords: 1 })
    const { app: other } = await buildStore({ adapter, batchRecords: 1 })
    const record = made()
    for (let index = 0; index < 100; index++) {
      const { scsStore } = index % 2 === 0 ? app : other
      scsStore.write(changed(record, index + 1, { [`p${index}`]: index, status: `${index}` }))
      if (index % 10 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await app.scsStore.flush()).toBe(true)
    expect(await other.scsStore.flush()).toBe(true)
    const { data } = await stored(adapter, record)
    expect(Object.keys(data)).toHaveLength(103)
    expect(data.status).toBe('99')
    for (const each of [app, other]) expect((await each.scsStore.stats()).contended).toBe(0)
  })

  it('whose record was pruned before they were merged are kept as new', async () => {
    class PruningStore extends GatedStore {
      override async compareAndSet(versions: readonly ExpectedVersion[]) {
        const unkept = await super.compareAndSet(versions)
        if (this.sets === 1) await this.prune({ olderThan: Date.now() })
        return unkept
      }
    }
    const adapter = new PruningStore()
    const { app } = await buildStore({ adapter })
    const record = made()
    await adapter.setElsewhere(record)
    app.scsStore.write(changed(record, 3, { status: 'Completed' }))
    expect(await app.scsStore.flush()).toBe(true)
    expect((await stored(adapter, record)).data.status).toBe('Completed')
    expect(adapter.sets).toBe(3)
  })

  it('whose record others change at each attempt are dead letters in the end, counted and logged; others are stored', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0)
    onTestFinished(() => random.mockRestore())
    const record = made()
    class BusyStore extends GatedStore {
      revision = 0
      override async compareAndSet(versions: readonly ExpectedVersion[]) {
        const unkept: readonly UnkeptVersion[] = await super.compareAndSet(versions)
        const theirs = changed({ ...record, revision: this.revision }, this.sets, { n: this.sets })
        await this.setElsewhere(theirs, this.revision++)
        return unkept
      }
    }
    const adapter = new BusyStore()
    const { app, log } = await buildStore({ adapter })
    await adapter.setElsewhere(record)
    const neighbour = changed(made(), 1, { status: 'Completed' })
    app.scsStore.write(changed(record, 3, { status: 'Completed' }))
    app.scsStore.write(neighbour)
    expect(await app.scsStore.flush()).toBe(true)
    const { contended, deadLettered, written } = await app.scsStore.stats()
    expect([contended, deadLettered, written, adapter.sets]).toEqual([1, 1, 1, MAX_TRIES])
    expect(adapter.buried.get(record.id)).toContain(`${MAX_TRIES} tries`)
    expect(log.filter(({ msg }) => msg.includes('given up'))).toHaveLength(1)
    expect((await stored(adapter, neighbour)).data.status).toBe('Completed')
  })

  it('of which one is refused: it is with the dead letters, also when it was merged with others', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter })
    const good = samples(5, () => ({ stamps: { 'data.a': 1 } }))
    const bad = sample({ stamps: { 'data.a': 1 } })
    adapter.poison.add(bad.id)
    const odd = sample({ stamps: { 'data.a': 1 } })
    const big = { ...odd, revision: 1, data: { a: 1n } as unknown as StoreRecord['data'] }
    for (const record of [good[0], bad, good[1], odd, big, ...good.slice(2)])
      if (record !== undefined) app.scsStore.write(record)
    expect(await app.scsStore.flush()).toBe(true)
    expect([...adapter.buried.keys()].sort()).toEqual([bad.id, odd.id].sort())
    for (const record of [...good, odd]) await stored(adapter, record)
    const { written, deadLettered } = await app.scsStore.stats()
    expect([written, deadLettered]).toEqual([6, 2])
  })
})

it('versions of one record that cannot be merged in a batch are handed over one after the other', async () => {
  class StrictStore extends GatedStore {
    override async compareAndSet(versions: readonly ExpectedVersion[]) {
      const ids = new Set(versions.map(({ record }) => record.id))
      if (ids.size < versions.length) throw new Error('two versions of one record')
      return super.compareAndSet(versions)
    }
  }
  const adapter = new StrictStore()
  const { app } = await buildStore({ adapter })
  const record = made()
  const bad = { ...record, data: { status: 1n }, stamps: {} } as unknown as StoreRecord
  const versions = [1, 2, 3].map((n) => changed(record, n, { [`p${n}`]: n }))
  for (const version of [...versions.slice(0, 2), bad, ...versions.slice(2)])
    app.scsStore.write(version)
  expect(await app.scsStore.flush()).toBe(true)
  expect((await stored(adapter, record)).data).toMatchObject({ p1: 1, p2: 2, p3: 3 })
  const { written, deadLettered, isAvailable } = await app.scsStore.stats()
  expect([written, deadLettered, isAvailable]).toEqual([3, 1, true])
})

it('a version of a record that is stored in a form of its own is with the dead letters, and holds nothing up', async () => {
  const record = made()
  class OddStore extends GatedStore {
    override async compareAndSet(versions: readonly ExpectedVersion[]) {
      const unkept = await super.compareAndSet(versions)
      return unkept.map((each) =>
        each.reason === 'revision' && each.id === record.id
          ? { ...each, found: { ...each.found, data: null as never } }
          : each,
      )
    }
  }
  const adapter = new OddStore()
  const { app } = await buildStore({ adapter })
  await adapter.setElsewhere(record)
  const neighbour = changed(made(), 1, { status: 'Completed' })
  for (const version of [changed(record, 1, { status: 'Completed' }), neighbour])
    app.scsStore.write(version)
  expect(await app.scsStore.flush()).toBe(true)
  expect([...adapter.buried.keys()]).toEqual([record.id])
  await stored(adapter, neighbour)
})

describe('a key that another record has', () => {
  it('stays with it: this record is stored without a key, which is counted and logged', async () => {
    const adapter = new GatedStore()
    const { app, log } = await buildStore({ adapter, batchRecords: 1 })
    const keys = { service: 'mpesa', key: 'ws_1' }
    const [holder, ...others] = samples(4, (index) => ({ keys, data: { index } }))
    if (holder === undefined) throw new Error('no holder')
    for (const record of [holder, ...others]) {
      app.scsStore.write(record)
      await app.scsStore.flush()
    }
    const { items } = await app.scsStore.find(holder.kind, keys)
    expect(items.map(({ id }) => id)).toEqual([holder.id])
    for (const { kind, id } of others)
      expect((await new CheckedAdapter(adapter).get(kind, id))?.keys).toEqual({ service: 'mpesa' })
    expect((await app.scsStore.stats()).keysTaken).toBe(3)
    const lines = log.filter(({ msg }) => msg.includes('without its key'))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ holderId: holder.id, id: others[0]?.id, service: 'mpesa' })
    expect(JSON.stringify(lines)).not.toContain('ws_1')
    // A change of such a record still has the key, and is no new finding.
    const change = changed(others[0] ?? holder, 5, { status: 'Completed' })
    app.scsStore.write(change)
    await app.scsStore.flush()
    const { keys: kept, data } = await stored(adapter, change)
    expect([kept, data]).toEqual([{ service: 'mpesa' }, { index: 1, status: 'Completed' }])
    expect((await app.scsStore.stats()).keysTaken).toBe(3)
  })

  it('leaves a record that has one the key that it has', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter })
    const one = sample({ keys: { service: 'a', key: 'one' } })
    const two = sample({ keys: { service: 'a', key: 'two' } })
    for (const record of [one, two]) app.scsStore.write(record)
    await app.scsStore.flush()
    const renamed = { ...two, revision: 1, keys: one.keys, stamps: { 'keys.key': 9 } }
    app.scsStore.write(renamed)
    expect(await app.scsStore.flush()).toBe(true)
    expect((await stored(adapter, two)).keys.key).toBe('two')
    expect((await app.scsStore.stats()).keysTaken).toBe(1)
  })
})

describe('bodies of a version that are shed', () => {
  it('replace nothing that is stored', async () => {
    const adapter = new GatedStore()
    const record = { ...made(), sheddable: ['output', 'data'] }
    const full = changed(record, 5, { output: 'x'.repeat(9_000), data: { token: 1 } })
    await adapter.setElsewhere(full)
    const { app } = await buildStore({ adapter, maxQueuedBytes: 20_000 })
    adapter.isStalled = true
    app.scsStore.write(sample())
    await vi.waitFor(() => expect(adapter.batches).toBe(1))
    const next = changed(full, 7, { status: 'Completed', output: 'y'.repeat(9_000) })
    const nested = { ...next, stamps: { ...next.stamps, 'data.data.token': 8 } }
    app.scsStore.write(nested)
    for (const each of samples(8, () => ({ importance: 'high' }))) app.scsStore.write(each)
    expect((await app.scsStore.stats()).shedBodies.integration_requests).toBe(1)
    adapter.release()
    await app.scsStore.flush()
    const { data } = await stored(adapter, record)
    expect(data.status).toBe('Completed')
    expect(data.output).toBe(full.data.output)
    expect(data.data).toEqual({ token: 1 })
    expect(data.truncated).toBe(true)
  })
})

describe('when the process ends', () => {
  /** A store whose last flush keeps a version only where no other is, as a driver that merges nothing does. */
  class SyncStore extends GatedStore {
    override readonly traits: AdapterTraits = { ...PLAIN_TRAITS, insertsSync: true }
    last: (readonly StoreRecord[])[] = []
    override insertSync(batches: readonly (readonly StoreRecord[])[]): boolean {
      this.last.push(...batches)
      let isAll = true
      for (const batch of batches) {
        const ids = new Set(batch.map(({ id }) => id))
        // What the store in memory does is done when it returns.
        for (const record of batch) {
          if (record.stamps === undefined) void this.insertElsewhere(record)
          else if (this.known.has(record.id)) isAll = false
          else void this.setElsewhere(record)
        }
        for (const id of ids) this.known.add(id)
      }
      return isAll
    }
    readonly known = new Set<string>()
    insertElsewhere(record: StoreRecord): Promise<readonly UnkeptVersion[]> {
      return this.setElsewhere(record)
    }
  }

  async function endWith(outboxPath: string | false): Promise<{
    readonly adapter: SyncStore
    readonly record: StoreRecord
    readonly lost: number
    readonly fresh: readonly StoreRecord[]
  }> {
    const adapter = new SyncStore()
    const { app } = await buildStore({ adapter, outboxPath, flushMs: 60_000 })
    const record = changed(made(), 1, { status: 'Authorized' })
    await adapter.setElsewhere(record)
    adapter.known.add(record.id)
    const fresh = [...samples(3, () => ({})), ...samples(3, () => ({ stamps: { 'data.a': 1 } }))]
    app.scsStore.write(changed(record, 9, { status: 'Completed' }))
    for (const each of fresh) app.scsStore.write(each)
    endProcess()
    const { shed, written } = await app.scsStore.stats()
    const lost = shed.integration_requests
    expect(written).toBe(outboxPath === false ? 6 : 3)
    return { adapter, record, lost, fresh }
  }

  it('a version that the last flush does not keep goes to the outbox, and the next start merges it', async () => {
    const outboxPath = join(newFolder(), 'outbox')
    const { adapter, record, lost, fresh } = await endWith(outboxPath)
    expect(lost).toBe(0)
    const { app } = await buildStore({ adapter, outboxPath })
    await app.scsStore.flush()
    expect((await stored(adapter, record)).data.status).toBe('Completed')
    for (const each of fresh) await stored(adapter, each)
  })

  it('without an outbox only that version is lost, and counted', async () => {
    const { adapter, lost, fresh } = await endWith(false)
    expect(lost).toBe(1)
    for (const each of fresh) await stored(adapter, each)
  })
})
