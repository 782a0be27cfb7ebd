import type { StoreFinding } from '@fastify-scs/store'
import { chooseDriver } from '../driver/choose-driver.js'
import type { Connection, Driver } from '../driver/driver.js'
import { codedOpenFailure } from '../failure.js'
import { APPLICATION_ID, SCHEMA_VERSION } from '../file/migrations.js'
import { openToRead, refuseMissing } from '../file/open-file.js'
import { pathOf } from '../options.js'
import { diskFinding, rightsFinding } from './file-findings.js'
import { wholeFindings } from './whole-findings.js'

const BUSY_TIMEOUT_MS = 5_000

/** Examines a file of SQLite without changing it; waits for nobody. @throws UrlError */
export async function* examineStore(
  url: string,
  depth: 'quick' | 'whole',
): AsyncGenerator<StoreFinding> {
  const path = pathOf(url)
  const driver = driverOf()
  if ('state' in driver) {
    yield driver
    return
  }
  refuseMissing(url, path)
  if (depth === 'quick') yield* [rightsFinding(path), diskFinding(path)]
  yield* openFindings(driver, path, depth)
}

function* openFindings(
  driver: Driver,
  path: string,
  depth: 'quick' | 'whole',
): Generator<StoreFinding> {
  let connection: Connection | undefined
  try {
    connection = openToRead(driver, { path, busyTimeoutMs: BUSY_TIMEOUT_MS })
    const { version } = connection.prepare('SELECT sqlite_version() AS version').get() as {
      version: string
    }
    if (depth === 'quick')
      yield {
        what: 'driver',
        state: 'good',
        says: `${driver.name}, SQLite ${version}, Node ${process.versions.node}`,
      }
    const schema = schemaFinding(connection)
    yield schema
    if (depth === 'whole' && schema.state !== 'bad') yield* wholeFindings(connection)
  } catch (error) {
    const { message: says } = codedOpenFailure(error, driver, path)
    yield {
      what: 'file',
      state: 'bad',
      says,
      fix: 'Restore the file from a backup, or name another one; a damaged file may be read in part by "sqlite3 file .recover".',
    }
  } finally {
    connection?.close()
  }
}

function driverOf(): Driver | StoreFinding {
  try {
    return chooseDriver(undefined)
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error)
    const fix = 'Run Node 22.13 or newer, or npm install better-sqlite3@12 beside this package.'
    return { what: 'driver', state: 'bad', says, fix }
  }
}

function schemaFinding(connection: Connection): StoreFinding {
  const what = 'schema'
  const { application, version } = connection
    .prepare(`SELECT application_id AS application, user_version AS version
      FROM pragma_application_id, pragma_user_version`)
    .get() as { application: number; version: number }
  if (application !== APPLICATION_ID)
    return {
      what,
      state: 'bad',
      says: 'the file is the database of something else',
      fix: 'Name the file of a store.',
    }
  if (version === SCHEMA_VERSION)
    return {
      what,
      state: 'good',
      says: `version ${version}, which this version of the package makes`,
    }
  const isNewer = version > SCHEMA_VERSION
  return {
    what,
    state: 'bad',
    says: `version ${version}, and this version of the package needs ${SCHEMA_VERSION}`,
    fix: isNewer
      ? 'Update @fastify-scs/store-sqlite to the version that made the schema.'
      : 'Start a service of this version once: it brings the schema up to date.',
  }
}
