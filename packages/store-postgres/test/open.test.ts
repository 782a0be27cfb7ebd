import { createServer } from 'node:net'
import { CheckedAdapter, sample } from '@fastify-scs/store/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStoreAdapter, PostgresStore } from '../src/index.js'
import { migrations } from '../src/schema/migrations.js'
import { openingFails } from './opening-fails.js'
import { PASSWORD, PostgresDatabase } from './postgres-server.js'

let server: PostgresDatabase

beforeAll(async () => {
  server = await PostgresDatabase.create()
}, 60_000)

afterAll(() => server?.remove())

describe('opening', () => {
  it('brings a new database to the newest schema, with partitions for today and tomorrow', async () => {
    const store = new CheckedAdapter(new PostgresStore(server.url()))
    await store.open()
    await store.close()
    expect(await server.admin('SELECT version, name FROM scs.migrations ORDER BY version')).toEqual(
      migrations.map(({ version, name }) => ({ version, name })),
    )
    const days = [Date.now(), Date.now() + 86_400_000].map((time) => {
      return `reports_${new Date(time).toISOString().slice(0, 10).replaceAll('-', '')}`
    })
    const partitions = await server.admin(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'scs.reports'::regclass ORDER BY 1`,
    )
    expect(partitions).toEqual(days.map((day) => ({ name: `scs.${day}` })))
  })

  it('works for ten instances that start at once', async () => {
    const stores = Array.from({ length: 10 }, () => {
      return new CheckedAdapter(new PostgresStore(server.url({ schema: 'ten' }), { poolSize: 2 }))
    })
    try {
      await Promise.all(stores.map((store) => store.open()))
      const versions = await server.admin('SELECT version FROM ten.migrations ORDER BY version')
      expect(versions).toEqual(migrations.map(({ version }) => ({ version })))
      await Promise.all(
        stores.map((store) => store.insert([sample(), sample({ kind: 'reports' })])),
      )
      expect((await stores[0]?.size())?.records).toMatchObject({
        integration_requests: 10,
        reports: 10,
      })
    } finally {
      await Promise.all(stores.map((store) => store.close()))
    }
  })

  it('needs no right to create tables in the database once the schema is there and is its own', async () => {
    await server.admin(`CREATE ROLE own LOGIN PASSWORD 'own'; CREATE SCHEMA own AUTHORIZATION own`)
    const store = new CheckedAdapter(
      new PostgresStore(server.url({ user: 'own', password: 'own', schema: 'own' })),
    )
    await store.open()
    await store.insert([sample()])
    await store.close()
  })

  it('takes the application name from the URL, and has one of its own otherwise', async () => {
    const named = new CheckedAdapter(new PostgresStore(`${server.url()}?application_name=orders`))
    const unnamed = new CheckedAdapter(new PostgresStore(server.url()))
    await Promise.all([named.open(), unnamed.open()])
    const rows = await server.admin(`SELECT DISTINCT application_name AS name FROM pg_stat_activity
      WHERE datname = current_database() AND application_name IN ('orders', 'fastify-scs') ORDER BY 1`)
    await Promise.all([named.close(), unnamed.close()])
    expect(rows).toEqual([{ name: 'fastify-scs' }, { name: 'orders' }])
  })
})

describe('opening fails with advice and without the password', () => {
  it('for a wrong password', async () => {
    const error = await openingFails(server.url({ password: 'wr0ng-password' }))
    expect(error).toMatchObject({ code: 'SCS_STORE_ERR_PERMISSION' })
    expect(error.message).toMatch(/28P01.*correct the user and the password/)
    expect(error.message).not.toContain('wr0ng-password')
  })

  it('for a database that is missing', async () => {
    const error = await openingFails(server.url({ database: 'nowhere' }))
    expect(error).toMatchObject({ code: 'SCS_STORE_ERR_URL' })
    expect(error.message).toContain('there is no database "nowhere": create it')
  })

  it('for a server that is not there', async () => {
    const error = await openingFails(`postgres://me:${PASSWORD}@127.0.0.1:1/db`)
    expect(error).toMatchObject({ code: 'SCS_STORE_ERR_UNAVAILABLE' })
    expect(error.message).toContain('127.0.0.1:1/db')
  })

  it('for a server that takes the connection and never answers', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : undefined
    try {
      const error = await openingFails(`postgres://me:${PASSWORD}@127.0.0.1:${port}/db`, {
        connectTimeoutMs: 200,
      })
      expect(error).toMatchObject({ code: 'SCS_STORE_ERR_UNAVAILABLE' })
    } finally {
      silent.close()
    }
  })

  it('for a user that may not create the schema', async () => {
    await server.admin(`CREATE ROLE guest LOGIN PASSWORD 'guest'`)
    const error = await openingFails(
      server.url({ user: 'guest', password: 'guest', schema: 'closed' }),
    )
    expect(error).toMatchObject({ code: 'SCS_STORE_ERR_PERMISSION' })
    expect(error.message).toContain(`GRANT CREATE ON DATABASE "${server.name}" TO "guest"`)
  })

  it('for a user that may read the schema and not create partitions', async () => {
    const store = new CheckedAdapter(new PostgresStore(server.url({ schema: 'shared' })))
    await store.open()
    await store.close()
    await server.admin(`CREATE ROLE reader LOGIN PASSWORD 'reader'; GRANT USAGE ON SCHEMA shared TO reader;
      GRANT SELECT ON ALL TABLES IN SCHEMA shared TO reader; DROP TABLE shared.reports_${today()}`)
    const error = await openingFails(
      server.url({ user: 'reader', password: 'reader', schema: 'shared' }),
    )
    expect(error).toMatchObject({ code: 'SCS_STORE_ERR_PERMISSION' })
  })

  it('for a schema newer than the code', async () => {
    const store = new CheckedAdapter(new PostgresStore(server.url({ schema: 'newer' })))
    await store.open()
    await store.close()
    await server.admin(
      `INSERT INTO newer.migrations (version, name) VALUES (999, 'from the future')`,
    )
    const error = await openingFails(server.url({ schema: 'newer' }))
    expect(error).toMatchObject({ code: 'SCS_STORE_ERR_SCHEMA_TOO_NEW' })
    expect(error.message).toContain('999')
  })

  it('for a schema that holds tables of something else', async () => {
    await server.admin('CREATE SCHEMA taken; CREATE TABLE taken.reports (id integer)')
    const error = await openingFails(server.url({ schema: 'taken' }))
    expect(error).toMatchObject({ code: 'SCS_STORE_ERR_NOT_A_STORE' })
    await server.admin('CREATE SCHEMA other; CREATE TABLE other.migrations (id integer)')
    const other = await openingFails(server.url({ schema: 'other' }))
    expect(other).toMatchObject({ code: 'SCS_STORE_ERR_NOT_A_STORE' })
  })

  it('and can be tried again after it failed', async () => {
    await server.admin(`CREATE ROLE late LOGIN PASSWORD 'late'`)
    const store = new CheckedAdapter(
      new PostgresStore(server.url({ user: 'late', password: 'late', schema: 'late' })),
    )
    await expect(store.open()).rejects.toMatchObject({ code: 'SCS_STORE_ERR_PERMISSION' })
    await server.admin(`GRANT CREATE ON DATABASE ${server.name} TO late`)
    await store.open()
    await store.close()
  })
})

describe('making a store', () => {
  const urls = [
    'nonsense',
    'mysql://me:s3cret-password@host/db',
    'postgres://me:s3cret-password@[bad/db',
    'postgres://me:s3cret-password@host/db?schema=Robert;--',
    'postgres://me:s3cret-password@host/db?schema=pg_catalog',
    'postgres://me:s3cret-password@host/db?sslrootcert=/no/such/file',
  ]
  for (const url of urls) {
    it(`refuses the URL ${url}, and does not repeat its password`, () => {
      const make = () => new PostgresStore(url)
      expect(make).toThrow(expect.objectContaining({ code: 'SCS_STORE_ERR_URL' }))
      expect(make).not.toThrow(PASSWORD)
    })
  }

  it('refuses options that it does not know, or that are wrong', () => {
    const log = { info: () => {}, warn: () => {}, error: () => {} }
    for (const options of [{ poolsize: 3 }, { poolSize: 1 }, { statementTimeoutMs: '1s' }]) {
      const make = () => createStoreAdapter({ url: server.url(), options, log })
      expect(make).toThrow(expect.objectContaining({ code: 'SCS_STORE_ERR_OPTIONS' }))
    }
  })
})

function today(): string {
  return new Date().toISOString().slice(0, 10).replaceAll('-', '')
}
