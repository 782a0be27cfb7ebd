import { setTimeout as delay } from 'node:timers/promises'
import { CheckedAdapter, sample } from '@fastify-scs/store/contract'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PostgresStore } from '../src/index.js'
import { PostgresDatabase } from './postgres-server.js'

let server: PostgresDatabase
let store: CheckedAdapter

beforeAll(async () => {
  server = await PostgresDatabase.create()
  store = new CheckedAdapter(new PostgresStore(server.url()))
}, 60_000)

afterAll(async () => {
  await store?.close()
  await server?.remove()
})

it('the time that the database has worked grows while a statement is unanswered, and not in between', async () => {
  expect(store.busyMs()).toBe(0)
  await store.open()
  await store.insert([sample()])
  expect(store.busyMs()).toBeGreaterThan(0)
  const locker = new pg.Client({ connectionString: server.url() })
  await locker.connect()
  try {
    await locker.query('BEGIN; LOCK TABLE scs.releases IN ACCESS EXCLUSIVE MODE')
    const before = store.busyMs()
    const reading = store.releases(1)
    await delay(300)
    await locker.query('COMMIT')
    await reading
    expect(store.busyMs() - before).toBeGreaterThan(250)
  } finally {
    await locker.end()
  }
  // What is made in the background after the start is done by then.
  const settled = async () => {
    const at = store.busyMs()
    await delay(200)
    return store.busyMs() - at
  }
  await expect.poll(settled, { timeout: 10_000 }).toBe(0)
})
