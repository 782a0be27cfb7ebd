import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildApp, only } from './build-app.js'

interface Database {
  exec(sql: string): void
  prepare(sql: string): { all(): unknown[] }
  close(): void
}

// The driver that the store takes: Node's own where there is one, else that from where the store has it.
const fromStore = createRequire(createRequire(import.meta.url).resolve('@fastify-scs/store-sqlite'))
const own = process.getBuiltinModule('node:sqlite') as unknown as
  | { DatabaseSync: unknown }
  | undefined
const Driver = (own?.DatabaseSync ?? fromStore('better-sqlite3')) as new (path: string) => Database

it("a failed call is recorded even when the caller's transaction rolls back, in the same database", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollback-'))
  const path = join(folder, 'app.db')
  const { app, records } = await buildApp({
    store: `sqlite:${path}`,
    log: { services: { pay: { origin: await closedOrigin() } } },
  })
  await app.ready()
  const db = new Driver(path)
  db.exec('CREATE TABLE orders (id INTEGER)')
  db.exec('BEGIN IMMEDIATE; INSERT INTO orders VALUES (42)')
  try {
    await app.integrations.service('pay').fetch('/charges', {
      method: 'POST',
      reference: { type: 'Order', id: '42' },
    })
    db.exec('COMMIT')
  } catch {
    db.exec('ROLLBACK')
  }
  expect(db.prepare('SELECT * FROM orders').all()).toEqual([])
  db.close()
  expect(only(await records())).toMatchObject({
    status: 'Failed',
    reference: { type: 'Order', id: '42' },
    error: { code: 'ECONNREFUSED' },
  })
  await app.close()
  rmSync(folder, { recursive: true })
})

/** Where nobody listens. */
async function closedOrigin(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return `http://127.0.0.1:${port}`
}
