import { CheckedAdapter } from '@fastify-scs/store/contract'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { PostgresStore } from '../src/index.js'
import { PostgresDatabase } from './postgres-server.js'

/** The database of a file of tests, in which each test has a schema of its own. */
export interface EachSchema {
  readonly server: PostgresDatabase
  readonly schema: string
  /** Opens a store on the schema of the test that runs; it is closed after it. */
  openStore(): Promise<CheckedAdapter>
}

/** Makes the database before the tests of the file, and removes it after them. */
export function eachSchema(name: string): EachSchema {
  let server: PostgresDatabase
  let schema: string
  let made = 0
  let stores: CheckedAdapter[] = []
  beforeAll(async () => {
    server = await PostgresDatabase.create()
  }, 60_000)
  afterAll(() => server?.remove())
  beforeEach(() => {
    schema = `${name}_${++made}`
  })
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()))
    stores = []
  })
  return {
    get server() {
      return server
    },
    get schema() {
      return schema
    },
    async openStore() {
      const store = new CheckedAdapter(new PostgresStore(server.url({ schema })))
      stores.push(store)
      await store.open()
      return store
    },
  }
}
