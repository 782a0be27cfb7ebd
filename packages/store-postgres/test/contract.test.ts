import { describeStoreContract } from '@fastify-scs/store/contract'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { PostgresStore } from '../src/index.js'
import { PostgresDatabase } from './postgres-server.js'

let server: PostgresDatabase
let made = 0

beforeAll(async () => {
  server = await PostgresDatabase.create()
}, 60_000)

afterAll(() => server?.remove())

describeStoreContract(
  'PostgresStore',
  () => {
    const schema = `contract_${++made}`
    const make = () => new PostgresStore(server.url({ schema }))
    return {
      adapter: make(),
      reopen: make,
      dispose: async () => {
        await server.admin(
          `SET client_min_messages = warning; DROP SCHEMA IF EXISTS ${schema} CASCADE`,
        )
      },
    }
  },
  { describe, it },
)
