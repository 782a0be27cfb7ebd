import type { RecordFilter, StoreRecord } from '@fastify-scs/store'
import { CheckedAdapter, NOON, samples } from '@fastify-scs/store/contract'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SqliteStore } from '../../src/index.js'
import { connect, newPath } from '../processes.js'

// Real files, threads and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

type SampleParts = Partial<Pick<StoreRecord, 'keys' | 'data' | 'stamps'>>

async function storeOf(parts: readonly SampleParts[]) {
  const path = newPath()
  const store = new CheckedAdapter(new SqliteStore({ path }))
  await store.open()
  onTestFinished(() => store.close())
  const records = samples(parts.length, (index) => ({
    createdAt: NOON + index * 1_000,
    ...parts[index],
  }))
  await store.insert(records)
  const found = async (filter: RecordFilter) => {
    const { items } = await store.find('integration_requests', filter)
    return items.map(({ id }) => records.findIndex((record) => record.id === id)).sort()
  }
  return { path, found }
}

const CALL = { method: 'POST', url: 'https://a.example/Pay', isRemoteRequest: true }

function deep(levels: number): StoreRecord['data'] {
  let value: StoreRecord['data'] = {}
  for (let level = 0; level < levels; level++) value = { value }
  return value
}

describe('method, direction and URL of a record', () => {
  it('need no row in the side table; only a key, a remote id or stamps do', async () => {
    const { path } = await storeOf([
      { data: CALL },
      { data: CALL, keys: { service: 'a', key: 'k' } },
      { data: CALL, keys: { remoteId: 'r' } },
      { data: CALL, stamps: { 'data.method': 1 } },
    ])
    const rows = connect(path).prepare('SELECT count(*) AS beside FROM integration_requests_extra')
    expect(rows.get()).toEqual({ beside: 3 })
  })

  it('are not part of the summary that `text` searches', async () => {
    const from = NOON
    const { found } = await storeOf([
      { data: CALL, keys: { summary: 'TomPOSTuhttps paid' } },
      { data: CALL },
    ])
    expect(await found({ text: 'a.example', from })).toEqual([])
    expect(await found({ text: 'tompost', from })).toEqual([0])
    expect(await found({ text: 'paidT', from })).toEqual([])
    expect(await found({ text: 'paid', from })).toEqual([0])
    expect(await found({ text: '', from })).toEqual([0])
  })

  it('are kept apart, whatever letters they contain', async () => {
    const { found } = await storeOf([
      { data: { method: 'put', url: 'uTomGETu', isRemoteRequest: false } },
      { data: { method: 'GETuhttps://b', url: 'https://a' } },
      { data: { method: 'ſtraße\nT', url: 'Tü😀/x', isRemoteRequest: true } },
      { data: { url: 'mGETuhttps://a' } },
      { data: { method: '', url: '', isRemoteRequest: true } },
      { data: { method: 'GET' } },
    ])
    expect(await found({ method: 'PUT' })).toEqual([0])
    expect(await found({ method: 'get' })).toEqual([5])
    expect(await found({ method: 'getUHTTPS://B' })).toEqual([1])
    expect(await found({ method: 'ſtraße\nt' })).toEqual([2])
    expect(await found({ method: '' })).toEqual([4])
    expect(await found({ urlPrefix: 'Tü😀' })).toEqual([2])
    expect(await found({ urlPrefix: 'uT' })).toEqual([0])
    expect(await found({ urlPrefix: 'https://' })).toEqual([1])
    expect(await found({ urlPrefix: 'mGET' })).toEqual([3])
    expect(await found({ urlPrefix: '' })).toEqual([0, 1, 2, 3, 4])
    expect(await found({ direction: 'in' })).toEqual([0])
    expect(await found({ direction: 'out' })).toEqual([2, 4])
  })

  it('are found although SQLite cannot read the data as JSON', async () => {
    const { found } = await storeOf([{ data: { ...CALL, deep: deep(1_200) } }, { data: CALL }])
    expect(await found({ method: 'POST' })).toEqual([0, 1])
    expect(await found({ direction: 'out', urlPrefix: 'https://a.' })).toEqual([0, 1])
  })
})

describe('a row that an earlier version changed', () => {
  it('is found by what its data now says', async () => {
    const { path, found } = await storeOf([
      { data: CALL, keys: { summary: 'a' } },
      { data: CALL, keys: { summary: 'b' } },
    ])
    const old = connect(path).prepare(`UPDATE integration_requests
      SET revision = 1, search_text = 'b', data = '{"method":"GET","url":"https://b"}' WHERE summary = 'b'`)
    old.run()
    expect(await found({ method: 'POST' })).toEqual([0])
    expect(await found({ method: 'GET', urlPrefix: 'https://b' })).toEqual([1])
    expect(await found({ direction: 'out' })).toEqual([0])
  })
})
