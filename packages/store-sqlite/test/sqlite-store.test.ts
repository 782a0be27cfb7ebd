import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeStoreContract } from '@fastify-scs/store/contract'
import { describe, expect, it, vi } from 'vitest'
import { betterSqlite3 } from '../src/driver/better-sqlite3.js'
import { chooseDriver } from '../src/driver/choose-driver.js'
import { nodeSqlite } from '../src/driver/node-sqlite.js'
import { SqliteStore } from '../src/index.js'

// Real files, threads and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const drivers = [nodeSqlite(), betterSqlite3()].flatMap((driver) => driver ?? [])

for (const { name } of drivers) {
  describeStoreContract(
    `SqliteStore with ${name}`,
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'scs-sqlite-'))
      const options = { path: join(folder, 'scs.db'), driver: name }
      return {
        adapter: new SqliteStore(options),
        reopen: () => new SqliteStore(options),
        dispose: () => rmSync(folder, { recursive: true, force: true }),
      }
    },
    { describe, it },
  )
}

describe('drivers', () => {
  it('Node’s own comes first where it is there', () => {
    expect(chooseDriver(undefined).name).toBe(drivers[0]?.name)
  })

  it('one that is asked for and missing is a coded error that says what to do', () => {
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
