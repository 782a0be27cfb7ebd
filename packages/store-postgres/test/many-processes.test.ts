import { fileURLToPath } from 'node:url'
import { CheckedAdapter, checkManyProcesses } from '@fastify-scs/store/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PostgresStore } from '../src/index.js'
import { PostgresDatabase } from './postgres-server.js'

let server: PostgresDatabase

beforeAll(async () => {
  server = await PostgresDatabase.create()
}, 60_000)

afterAll(() => server?.remove())

it('no change is lost when 8 processes change one record 100 times each', async () => {
  const url = server.url({ schema: 'many' })
  const store = new CheckedAdapter(new PostgresStore(url))
  await store.open()
  await store.close()
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const merged = await checkManyProcesses({
    url,
    cwd,
    options: { adapterOptions: { poolSize: 2 } },
  })
  expect(merged).toBeGreaterThan(0)
}, 120_000)
