import Database from 'better-sqlite3'

/** Whether better-sqlite3 opens a database: its native part is installed for one version of Node. Its absence is printed. */
export function isBetterSqliteLoadable(): boolean {
  try {
    new Database(':memory:').close()
    return true
  } catch {
    process.stderr.write(
      `\nbetter-sqlite3 is not installed for Node ${process.version}: its tests are SKIPPED.\n`,
    )
    return false
  }
}
