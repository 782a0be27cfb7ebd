import { DriverMissingError } from '@fastify-scs/store/adapter'
import { ENGINE } from '../failure.js'
import { betterSqlite3, doesNotLoad } from './better-sqlite3.js'
import type { Driver, DriverName } from './driver.js'
import { nodeSqlite } from './node-sqlite.js'

/**
 * The driver with this name, or the first that is there.
 *
 * @throws DriverMissingError
 */
export function chooseDriver(name: DriverName | undefined): Driver {
  try {
    const driver =
      (name === 'better-sqlite3' ? undefined : nodeSqlite()) ??
      (name === 'node:sqlite' ? undefined : betterSqlite3())
    if (driver !== undefined) return driver
  } catch (error) {
    throw doesNotLoad(error)
  }
  throw new DriverMissingError(
    ENGINE,
    'run Node 22.13 or newer, which has one, or npm install better-sqlite3@12',
  )
}
