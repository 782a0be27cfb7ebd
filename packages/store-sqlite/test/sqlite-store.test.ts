import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonValue } from '@fastify-scs/core'
import { createRecordId } from '@fastify-scs/core/kit'
import { CheckedAdapter, describeStoreContract, samples } from '@fastify-scs/store/contract'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { betterSqlite3 } from '../src/driver/better-sqlite3.js'
import { chooseDriver } from '../src/driver/choose-driver.js'
import { nodeSqlite } from '../src/driver/node-sqlite.js'
import { SqliteStore } from '../src/index.js'
import { connect, newPath } from './processes.js'
import { fillWithAuditEvents, searchAll } from './slow-file.js'

// Real files, threads and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const drivers = [nodeSqlite, betterSqlite3].flatMap((make) => {
  try {
    const driver = make()
    driver?.open(':memory:', { isReadOnly: false }).close()
    return driver ?? []
  } catch {
    // Its native part was installed for another version of Node than the tests run on.
    return []
  }
})

for (const { name } of drivers) {
  describeStoreContract(
    `SqliteStore with ${name}`,
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'scs-sqlite-'))
      const options = { path: join(folder, 'scs.db'), driver: name }
      return {
        adapter: new SqliteStore(options),
        reopen: () => new SqliteStore(options),
        absent: () => new SqliteStore({ ...options, path: join(folder, 'absent.db') }),
        slowRead(adapter) {
          fillWithAuditEvents(options.path, name)
          return searchAll(adapter)
        },
        dispose: () => rmSync(folder, { recursive: true, force: true }),
      }
    },
    { describe, it },
  )
}

describe('drivers', () => {
  it('Node’s own comes first where it exists', () => {
    expect(chooseDriver(undefined).name).toBe(drivers[0]?.name)
  })

  it('one that is asked for but missing is a coded error that says what to do', () => {
    const hasNodeSqlite = nodeSqlite() !== undefined
    if (hasNodeSqlite) expect(chooseDriver('node:sqlite').name).toBe('node:sqlite')
    else {
      const expected = {
        code: 'SCS_STORE_ERR_DRIVER_MISSING',
        message: expect.stringContaining('npm install'),
      }
      expect(() => chooseDriver('node:sqlite')).toThrow(expect.objectContaining(expected))
    }
  })
})

describe('a record nested deeper than a thread can receive', () => {
  it('is refused or comes back whole; no call hangs', async () => {
    const store = new CheckedAdapter(new SqliteStore({ path: newPath() }))
    await store.open()
    onTestFinished(() => store.close())
    let deep: JsonValue = null
    for (let level = 0; level < 5_000; level++) deep = [deep]
    const [record] = samples(1, () => ({ data: { deep } }))
    if (record === undefined) throw new Error('no record')
    const isStored = await store.insert([record]).then(
      () => true,
      () => false,
    )
    const found = await store.get(record.kind, record.id)
    expect(JSON.stringify(found?.data)).toBe(isStored ? JSON.stringify({ deep }) : undefined)
    expect(await store.get(record.kind, createRecordId())).toBeUndefined()
  })
})

describe('a batch', () => {
  const open = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scs-sqlite-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const store = new CheckedAdapter(new SqliteStore({ path: join(folder, 'scs.db') }))
    await store.open()
    onTestFinished(() => store.close())
    return store
  }
  const countOf = async (store: CheckedAdapter) => (await store.size()).records.integration_requests

  it('is stored whole although it is sent in parts with others in between', async () => {
    const store = await open()
    const batches = [110, 60, 110, 60, 1].map((count) => samples(count, () => ({})))
    await Promise.all(batches.map((batch) => store.insert(batch)))
    expect(await countOf(store)).toBe(341)
  })

  it.each([10, 40, 79])(
    'whose record %i cannot be copied is refused, and may come again without it',
    async (at) => {
      const store = await open()
      const good = samples(80, () => ({}))
      const bad = { ...(good[at] as (typeof good)[0]), data: { call: () => undefined } as never }
      await expect(store.insert(good.with(at, bad))).rejects.toMatchObject({
        code: 'SCS_STORE_ERR_RECORD_REFUSED',
      })
      await store.insert(good.toSpliced(at, 1))
      expect(await countOf(store)).toBe(79)
    },
  )

  it('stays behind another batch whose parts it arrives between', async () => {
    const path = newPath()
    const store = new CheckedAdapter(new SqliteStore({ path }))
    await store.open()
    const [first, second] = [samples(100, () => ({})), samples(2, () => ({}))]
    await Promise.all([store.insert(first), store.insert(second)])
    await store.close()
    const rows = connect(path).prepare('SELECT id FROM integration_requests ORDER BY rowid').all()
    const ids = rows.map((row) => (row as { id: string }).id)
    expect(ids).toEqual([...first, ...second].map(({ id }) => id))
  })
})
