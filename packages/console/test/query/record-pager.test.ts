import { createRecordId, type RecordFilter } from '@fastify-scs/core/kit'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { RecordPager } from '../../src/query/record-pager.js'
import { buildApp } from '../build-app.js'

let app: FastifyInstance

beforeEach(async () => {
  app = await buildApp()
})

afterEach(() => app.close())

async function write(count: number, bodyBytes: number): Promise<void> {
  const beganAt = Date.now() - count
  for (let made = 0; made < count; made++)
    app.scsStore.write({
      kind: 'reports',
      id: createRecordId(),
      createdAt: beganAt + made,
      revision: 0,
      keys: { service: 'orders', status: 'fatal' },
      data: { title: `report ${made}`, data: 'x'.repeat(bodyBytes) },
      importance: 'normal',
    })
  await app.scsStore.flush()
}

/** The limits of the queries that a page of 200 takes. */
async function limitsOf(pager: RecordPager): Promise<number[]> {
  const find = vi.spyOn(app.scsStore, 'find')
  const page = await pager.finder((query) => query(app.scsStore))('reports', { limit: 200 })
  const limits = find.mock.calls.map(([, filter]) => (filter as RecordFilter).limit ?? 0)
  find.mockRestore()
  const titles = page.items.map(({ data }) => data.title)
  expect(titles).toEqual(Array.from({ length: 200 }, (_, index) => `report ${219 - index}`))
  expect(page.nextCursor).toBeTypeOf('string')
  return limits
}

it('large records are read few at a time, in order, and none twice', async () => {
  await write(220, 64 * 1024)
  const pager = new RecordPager()
  const limits = await limitsOf(pager)
  expect(limits[0]).toBeLessThanOrEqual(26)
  expect(limits[1]).toBeLessThanOrEqual(10)
  const again = await limitsOf(pager)
  expect(Math.max(...again)).toBeLessThanOrEqual(10)
})

it('small records are read at once, when their size is known', async () => {
  await write(220, 100)
  const pager = new RecordPager()
  await limitsOf(pager)
  expect(await limitsOf(pager)).toEqual([200])
})

it('a page that is not full has no cursor', async () => {
  await write(60, 100)
  const { items, nextCursor } = await new RecordPager().finder((query) => query(app.scsStore))(
    'reports',
    { limit: 200 },
  )
  expect(items).toHaveLength(60)
  expect(nextCursor).toBeUndefined()
})
