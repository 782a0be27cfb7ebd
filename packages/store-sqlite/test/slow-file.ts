import { resolveFilter } from '@fastify-scs/store'
import type { StoreAdapter } from '@fastify-scs/store/adapter'
import { chooseDriver } from '../src/driver/choose-driver.js'
import type { DriverName } from '../src/driver/driver.js'

/** Rows that a search takes longer for than it may. */
const ROWS = 300_000

/** Fills a store's file with audit events that take long to look through. */
export function fillWithAuditEvents(path: string, driver?: DriverName): void {
  withConnection(
    path,
    driver,
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ${ROWS})
    INSERT INTO audit_events (id, created_at, revision, summary, search_text, data)
    SELECT printf('01900000-0000-7000-8000-%012x', i), 1700000000000 + i, 0, 'an event', printf('%.400c%d', 'x', i), '{}' FROM n`,
  )
}

/** Looks for a text that no audit event has. */
export function searchAll(adapter: StoreAdapter): Promise<unknown> {
  return adapter.find('audit_events', resolveFilter({ text: 'nowhere', from: 0 }))
}

/** Makes each read of reports one that SQLite does not return from for seconds, without a call of the function that ends it. */
export function holdReports(path: string): void {
  withConnection(
    path,
    undefined,
    `DROP TABLE reports_extra;
    CREATE VIEW reports_extra AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 8000000)
    SELECT -i AS record, NULL AS key, NULL AS remote_id, NULL AS stamps FROM n`,
  )
}

// By the driver of the store, as SQLite's locks want it within one process.
function withConnection(path: string, driver: DriverName | undefined, sql: string): void {
  const connection = chooseDriver(driver).open(path, { isReadOnly: false })
  try {
    connection.exec(sql)
  } finally {
    connection.close()
  }
}
