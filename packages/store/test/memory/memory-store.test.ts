import { describe, expect, it } from 'vitest'
import { CheckedAdapter, describeStoreContract, samples } from '../../src/contract/index.js'
import { MemoryStore } from '../../src/index.js'

const makeSubject = () => ({ adapter: new MemoryStore() })
describeStoreContract('MemoryStore', makeSubject, { describe, it })

it('a store in memory keeps the newest records, within its bounds', async () => {
  const store = new CheckedAdapter(new MemoryStore({ maxRecords: 100 }))
  const records = samples(1_000, () => ({}))
  for (let at = 0; at < 1_000; at += 50) await store.insert(records.slice(at, at + 50))
  const { items } = await store.find('integration_requests', { limit: 500 })
  expect(items.length).toBeGreaterThan(90)
  expect(items.length).toBeLessThanOrEqual(100)
  const newest = records.slice(-items.length).reverse()
  expect(items.map(({ id }) => id)).toEqual(newest.map(({ id }) => id))

  const small = new MemoryStore({ maxBytes: 100_000 })
  await small.insert(samples(1_000, () => ({ data: { text: 'x'.repeat(1_000) } })))
  expect((await small.size()).bytes).toBeLessThanOrEqual(100_000)
})
