import { CheckedAdapter, NOON, sample } from '@fastify-scs/store/contract'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SqliteStore } from '../../src/index.js'
import { newPath } from '../processes.js'
import { fillWithAuditEvents, holdReports, searchAll } from '../slow-file.js'

// Real files and threads, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const TIMEOUT = { code: 'SCS_STORE_ERR_QUERY_TIMEOUT' }

async function open(path: string, queryTimeoutMs: number): Promise<CheckedAdapter> {
  const store = new CheckedAdapter(new SqliteStore({ path }), { queryTimeoutMs })
  await store.open()
  onTestFinished(() => store.close())
  return store
}

describe('a read that takes longer than it may', () => {
  it('is ended by its own thread, also while it finds no row, and that thread goes on', async () => {
    const path = newPath()
    const store = await open(path, 50)
    fillWithAuditEvents(path)
    await store.insert([sample({ kind: 'reports' })])
    for (let attempt = 0; attempt < 3; attempt++)
      await expect(searchAll(store.adapter)).rejects.toMatchObject({
        ...TIMEOUT,
        message: expect.stringContaining('after 50 ms'),
      })
    const query = { from: NOON, to: NOON + 1_000 }
    expect(await store.buckets('reports', { ...query, bucketMs: 1_000 })).toHaveLength(1)
    expect((await store.tally('reports', { by: 'status', ...query })).total).toBe(0)
  })

  it('is left alone when its thread does not return; the next read has another thread', async () => {
    const path = newPath()
    const store = await open(path, 50)
    const record = sample({ kind: 'audit_events' })
    await store.insert([record, sample({ kind: 'reports', keys: { user: 'ada' } })])
    holdReports(path)
    const held = expect(store.find('reports', { user: 'ada' })).rejects.toMatchObject(TIMEOUT)
    const behind = store.find('audit_events', { status: ['a'] })
    await held
    expect((await behind).items).toEqual([])
    expect((await store.find('audit_events', { direction: 'in' })).items).toEqual([])
  })

  it('is refused at once while three others that did not return are not over, and made again then', async () => {
    const path = newPath()
    const store = await open(path, 1)
    await store.insert([sample({ kind: 'reports', keys: { user: 'ada' } })])
    holdReports(path)
    const heldAgain = async () => {
      const { code } = await store.find('reports', { user: 'ada' }).catch((error) => error)
      return code
    }
    for (let attempt = 0; attempt < 3; attempt++)
      expect(await heldAgain()).toBe('SCS_STORE_ERR_QUERY_TIMEOUT')
    expect(await heldAgain()).toBe('SCS_STORE_ERR_UNAVAILABLE')
    await expect.poll(heldAgain, { timeout: 50_000 }).toBe('SCS_STORE_ERR_QUERY_TIMEOUT')
  })
})

describe('a read that the application makes for its own work', () => {
  it('does not wait for one that may take long', async () => {
    const path = newPath()
    const store = await open(path, 2_000)
    const record = sample({ kind: 'audit_events', keys: { requestId: 'r' } })
    await store.insert([record, sample({ kind: 'reports', keys: { user: 'ada' } })])
    holdReports(path)
    const done: string[] = []
    const held = store
      .find('reports', { user: 'ada' })
      .catch(() => {})
      .then(() => done.push('the long one'))
    expect((await store.get('audit_events', record.id))?.id).toBe(record.id)
    expect((await store.find('audit_events', { requestId: 'r' })).items).toHaveLength(1)
    expect((await store.size()).records.audit_events).toBe(1)
    done.push('the quick ones')
    await held
    expect(done).toEqual(['the quick ones', 'the long one'])
  })
})

describe('the time that the threads were at work', () => {
  it('grows with what they do, and stays when they end', async () => {
    const path = newPath()
    const store = await open(path, 60_000)
    const before = store.busyMs()
    fillWithAuditEvents(path)
    await searchAll(store.adapter)
    const after = store.busyMs()
    expect(after - before).toBeGreaterThan(10)
    await store.close()
    expect(store.busyMs()).toBeGreaterThanOrEqual(after)
  })
})
