import { CheckedAdapter, NOON, sample, samples } from '@fastify-scs/store/contract'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PostgresStore } from '../src/index.js'
import { PostgresServer } from './postgres-server.js'
import { StallingProxy } from './stalling-proxy.js'

const UNAVAILABLE = { code: 'SCS_STORE_ERR_UNAVAILABLE' }

let server: PostgresServer

beforeAll(async () => {
  server = await PostgresServer.start()
}, 60_000)

afterAll(() => server?.remove())

describe('a store', () => {
  it('reports unavailable while the server is stopped, and writes again once it is back', async () => {
    await withStore('stopped', {}, async (store) => {
      const record = sample()
      await store.insert([sample()])
      await server.stop()
      await expect(store.insert([record])).rejects.toMatchObject(UNAVAILABLE)
      await expect(store.find('reports', {})).rejects.toMatchObject(UNAVAILABLE)
      await expect(store.size()).rejects.toMatchObject(UNAVAILABLE)
      await expect(store.prune({ olderThan: 0 })).rejects.toMatchObject(UNAVAILABLE)
      const seen = { fingerprint: 'a', occurrences: 1, firstSeenAt: 1, lastSeenAt: 1 }
      await expect(
        store.countGroups([{ ...seen, canReport: true }], { growth: 2, quietMs: 1_000 }),
      ).rejects.toMatchObject(UNAVAILABLE)
      await server.again()
      await store.insert([record])
      expect(await store.get(record.kind, record.id)).toMatchObject({ id: record.id })
    })
  })

  it('stores nothing of a batch whose connection is killed midway, and all of it on the next try', async () => {
    await withStore('killed', {}, async (store) => {
      const batch = samples(10, () => ({}))
      await store.insert([sample()])
      await withLock('killed.integration_requests', async (lock) => {
        const insert = store.insert([sample({ kind: 'reports' }), ...batch])
        const killed = expect(insert).rejects.toMatchObject(UNAVAILABLE)
        await lock.untilAnotherWaits()
        await lock.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE wait_event_type = 'Lock' AND application_name = 'fastify-scs'`)
        await killed
      })
      expect((await store.size()).records).toMatchObject({ integration_requests: 1, reports: 0 })
      await store.insert(batch)
      expect((await store.size()).records.integration_requests).toBe(11)
    })
  })

  it('survives the death of all its idle connections', async () => {
    await withStore('idle', {}, async (store) => {
      await Promise.all([store.size(), store.size(), store.size()])
      const [row] = await server.admin(`SELECT count(pg_terminate_backend(pid, 5000))::int AS killed
        FROM pg_stat_activity WHERE application_name = 'fastify-scs'`)
      expect(row?.killed).toBeGreaterThan(0)
      await expect
        .poll(() => store.insert([sample()]).then(() => 'written', String))
        .toBe('written')
    })
  })

  it('cancels a statement that waits too long for a lock, and its connection stays usable', async () => {
    await withStore('locked', { statementTimeoutMs: 1_000, poolSize: 2 }, async (store) => {
      await store.insert([sample()])
      await withLock('locked.integration_requests', async () => {
        for (let time = 0; time < 3; time++) {
          await expect(store.insert([sample()])).rejects.toMatchObject(UNAVAILABLE)
        }
      })
      await store.insert([sample()])
      expect((await store.size()).records.integration_requests).toBe(2)
    })
  })

  it('gives each statement of a batch its own time, though all are sent at once', async () => {
    await withStore('slow', { statementTimeoutMs: 3_000 }, async (store) => {
      const kinds = ['integration_requests', 'reports', 'audit_events'] as const
      await store.insert(kinds.map((kind) => sample({ kind })))
      await server.admin(`CREATE FUNCTION slow.slow() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_sleep(1.5); RETURN NULL; END $$`)
      for (const kind of kinds) {
        await server.admin(`CREATE TRIGGER slow BEFORE INSERT ON slow.${kind}
          FOR EACH STATEMENT EXECUTE FUNCTION slow.slow()`)
      }
      await store.insert(kinds.map((kind) => sample({ kind })))
      expect((await store.size()).records.audit_events).toBe(2)
    })
  })

  it('does not hang when the server no longer answers', async () => {
    await withStallingProxy('stalled', async (store, proxy) => {
      await store.size()
      proxy.stall()
      await expect(store.insert([sample()])).rejects.toMatchObject(UNAVAILABLE)
      await expect(store.find('reports', {})).rejects.toMatchObject(UNAVAILABLE)
      await expect(store.insert([sample()])).rejects.toMatchObject(UNAVAILABLE)
    })
  })

  it('closes although the server never ends its idle connections', async () => {
    await withStallingProxy('unended', async (store, proxy) => {
      await Promise.all([store.size(), store.size()])
      proxy.stall()
      await store.close()
    })
  })

  it('closes within its time limit although a statement is never answered', async () => {
    await withStallingProxy('hasty', async (store, proxy) => {
      await store.size()
      proxy.stall()
      const insert = store.insert([sample()]).catch((error: unknown) => error)
      const startMs = performance.now()
      await store.close(200)
      // Without the time it waits 3 s.
      expect(performance.now() - startMs).toBeLessThan(2_500)
      expect(await insert).toMatchObject(UNAVAILABLE)
    })
  })

  it('reports unavailable when the server accepts no more connections', async () => {
    await withStore('full', {}, async (store) => {
      await server.admin(`CREATE ROLE few LOGIN PASSWORD 'few' CONNECTION LIMIT 0`)
      const few = new CheckedAdapter(
        new PostgresStore(server.url({ user: 'few', password: 'few', schema: 'full' })),
      )
      const failure = await few.open().catch((error: unknown) => error)
      await few.close()
      expect(failure).toMatchObject(UNAVAILABLE)
      expect(String(failure)).toContain('53300')
      await store.insert([sample()])
    })
  })

  it('reports unavailable, not a refused record, when its tables are gone', async () => {
    await withStore('gone', {}, async (store) => {
      await server.admin('SET client_min_messages = warning; DROP SCHEMA gone CASCADE')
      await expect(store.insert([sample()])).rejects.toMatchObject(UNAVAILABLE)
    })
  })

  it('refuses the whole batch of a row that PostgreSQL refuses, and can store that row as a dead letter', async () => {
    await withStore('refused', {}, async (store) => {
      await server.admin(
        `ALTER TABLE refused.reports ADD CONSTRAINT short_service CHECK (length(service) < 5)`,
      )
      await server.admin(`CREATE FUNCTION refused.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'no teapots' USING ERRCODE = '22000'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON refused.integration_requests
        FOR EACH ROW WHEN (NEW.status_code = 418) EXECUTE FUNCTION refused.refuse()`)
      const teapot = sample({ keys: { statusCode: 418 } })
      const refusal = await store.insert([sample(), teapot]).catch((error: unknown) => error)
      expect(refusal).toMatchObject({ code: 'SCS_STORE_ERR_RECORD_REFUSED' })
      expect(String(refusal)).toContain('no teapots (22000)')
      // Its transaction is sent in one piece: nothing of what comes behind the refusal may be kept either.
      const mixed = store.insert([teapot, sample({ kind: 'audit_events' })])
      await expect(mixed).rejects.toThrow('no teapots (22000)')
      await store.insertDeadLetter(teapot, 'no teapots')
      const size = await store.size()
      expect(size.records).toMatchObject({ integration_requests: 0, audit_events: 0 })
      expect(size.deadLetters).toBe(1)
      const [letter] = await server.admin(
        'SELECT kind, id, reason, record FROM refused.dead_letters',
      )
      expect(letter).toMatchObject({ kind: teapot.kind, id: teapot.id, reason: 'no teapots' })
      expect(JSON.parse(String(letter?.record))).toEqual(teapot)
    })
  })

  it('writes the same records from two instances at once without a deadlock', async () => {
    const stores = [1, 2].map(
      () => new CheckedAdapter(new PostgresStore(server.url({ schema: 'both' }))),
    )
    await Promise.all(stores.map((store) => store.open()))
    try {
      for (let revision = 0; revision < 10; revision++) {
        const batch = samples(200, (index) => ({
          id: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
          createdAt: NOON,
          revision,
        }))
        await Promise.all([stores[0]?.insert(batch), stores[1]?.insert([...batch].reverse())])
      }
      expect((await stores[0]?.size())?.records.integration_requests).toBe(200)
    } finally {
      await Promise.all(stores.map((store) => store.close()))
    }
  })
})

async function withStore(
  schema: string,
  options: ConstructorParameters<typeof PostgresStore>[1],
  use: (store: CheckedAdapter) => Promise<void>,
): Promise<void> {
  const store = new CheckedAdapter(new PostgresStore(server.url({ schema }), options))
  try {
    await store.open()
    await use(store)
  } finally {
    await store.close()
  }
}

async function withStallingProxy(
  schema: string,
  use: (store: CheckedAdapter, proxy: StallingProxy) => Promise<void>,
): Promise<void> {
  const proxy = await StallingProxy.start(server.port)
  const url = server.url({ schema }).replace(`:${server.port}/`, `:${proxy.port}/`)
  const store = new CheckedAdapter(
    new PostgresStore(url, { statementTimeoutMs: 1_000, connectTimeoutMs: 1_000 }),
  )
  try {
    await store.open()
    await use(store, proxy)
    await store.close()
  } finally {
    await proxy.close()
  }
}

interface HeldLock {
  query(text: string): Promise<pg.QueryResult>
  /** Resolves when a statement of a store waits for the lock. */
  untilAnotherWaits(): Promise<void>
}

/** Holds a table for itself meanwhile. */
async function withLock(table: string, use: (lock: HeldLock) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: server.url() })
  await client.connect()
  const query = (text: string) => client.query(text)
  try {
    await query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
    await use({
      query,
      untilAnotherWaits: () =>
        expect
          .poll(async () => (await query(`SELECT FROM pg_locks WHERE NOT granted`)).rowCount, {
            timeout: 5_000,
          })
          .toBeGreaterThan(0),
    })
  } finally {
    await client.end()
  }
}
