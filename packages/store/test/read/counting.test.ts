import { expect, it, vi } from 'vitest'
import { type GroupSighting, type GroupState, MemoryStore } from '../../src/index.js'
import { buildStore } from '../build-store.js'
import { GatedStore } from '../gated-store.js'

const RULES = { growth: 2, quietMs: 60_000 }
const UNAVAILABLE = { code: 'SCS_STORE_ERR_UNAVAILABLE', statusCode: 503 }

function sighting(fingerprint = 'a'): GroupSighting {
  return { fingerprint, occurrences: 1, firstSeenAt: 1, lastSeenAt: 1, canReport: true }
}

async function occurrences(call: Promise<readonly GroupState[]>): Promise<number[]> {
  return (await call).map((state) => state.occurrences)
}

it('an application counts groups through its store', async () => {
  const { app } = await buildStore({ url: 'memory:' })
  const sightings = [sighting('a'), sighting('b'), sighting('a')]
  expect(await occurrences(app.scsStore.countGroups(sightings, RULES))).toEqual([1, 1, 2])
})

it('while the database is known to be away, counting rejects at once, and later counts again', async () => {
  const adapter = new GatedStore()
  const counting = vi.spyOn(adapter, 'countGroups')
  adapter.isOpenable = false
  const { app } = await buildStore({ adapter, startup: 'wait', retryMs: 5, maxRetryMs: 20 })
  const count = () => app.scsStore.countGroups([sighting()], RULES)
  await expect(count()).rejects.toMatchObject(UNAVAILABLE)
  expect(counting).not.toHaveBeenCalled()
  adapter.isOpenable = true
  await vi.waitFor(async () => expect(await occurrences(count())).toEqual([1]))
})

it('a wrong sighting is refused as such, even while the database is away', async () => {
  const adapter = new GatedStore()
  adapter.isOpenable = false
  const { app } = await buildStore({ adapter, startup: 'wait' })
  const call = app.scsStore.countGroups([{ ...sighting(), occurrences: -1 }], RULES)
  await expect(call).rejects.toMatchObject({ code: 'SCS_STORE_ERR_FILTER', statusCode: 400 })
})

it('a store in memory keeps 10,000 groups, those that were counted last', async () => {
  const store = new MemoryStore()
  const names = Array.from({ length: 10_000 }, (_, index) => `group ${index}`)
  await store.countGroups(names.map(sighting), RULES)
  const again = ['group 0', 'new', 'group 0', 'group 1']
  expect(await occurrences(store.countGroups(again.map(sighting), RULES))).toEqual([2, 1, 3, 1])
})
