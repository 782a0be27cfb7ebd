import type { StoreAdapter } from '@fastify-scs/store/adapter'
import { describeStoreContract } from '@fastify-scs/store/contract'
import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { PostgresStore } from '../src/index.js'
import { PostgresDatabase } from './postgres-server.js'

let server: PostgresDatabase
let made = 0

beforeAll(async () => {
  server = await PostgresDatabase.create()
}, 60_000)

afterAll(() => server?.remove())

/** Makes whoever reads a table wait until the call is over. */
async function whileLocked<Result>(table: string, call: () => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: server.url() })
  await client.connect()
  try {
    await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
    return await call()
  } finally {
    await client.end()
  }
}

describeStoreContract(
  'PostgresStore',
  () => {
    const schema = `contract_${++made}`
    const make = () => new PostgresStore(server.url({ schema }))
    return {
      adapter: make(),
      reopen: make,
      absent: () => new PostgresStore(server.url({ schema: `${schema}_absent` })),
      slowRead: (adapter: StoreAdapter) => whileLocked(`${schema}.reports`, () => adapter.size()),
      dispose: async () => {
        await server.admin(
          `SET client_min_messages = warning; DROP SCHEMA IF EXISTS ${schema} CASCADE`,
        )
      },
    }
  },
  { describe, it },
)
