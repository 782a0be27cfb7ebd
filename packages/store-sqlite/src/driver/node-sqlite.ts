import type { Connection, Driver } from './driver.js'

interface NodeSqlite {
  readonly DatabaseSync: new (path: string, options: { readonly readOnly: boolean }) => Connection
}

/** The primary result codes of https://sqlite.org/rescode.html, by number. */
const NAMES: readonly (string | undefined)[] = [
  undefined,
  'SQLITE_ERROR',
  'SQLITE_INTERNAL',
  'SQLITE_PERM',
  'SQLITE_ABORT',
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_NOMEM',
  'SQLITE_READONLY',
  'SQLITE_INTERRUPT',
  'SQLITE_IOERR',
  'SQLITE_CORRUPT',
  'SQLITE_NOTFOUND',
  'SQLITE_FULL',
  'SQLITE_CANTOPEN',
  'SQLITE_PROTOCOL',
  'SQLITE_EMPTY',
  'SQLITE_SCHEMA',
  'SQLITE_TOOBIG',
  'SQLITE_CONSTRAINT',
  'SQLITE_MISMATCH',
  'SQLITE_MISUSE',
  'SQLITE_NOLFS',
  'SQLITE_AUTH',
  'SQLITE_FORMAT',
  'SQLITE_RANGE',
  'SQLITE_NOTADB',
]

/** The driver that is part of Node from 22.13 on; undefined where it is not. */
export function nodeSqlite(): Driver | undefined {
  const module = process.getBuiltinModule('node:sqlite') as unknown as NodeSqlite | undefined
  if (module === undefined) return undefined
  return {
    name: 'node:sqlite',
    open: (path, { isReadOnly }) => new module.DatabaseSync(path, { readOnly: isReadOnly }),
    failureOf(error) {
      if (!(error instanceof Error) || !('errcode' in error)) return undefined
      // The low byte of an extended result code is the primary one.
      return NAMES[Number(error.errcode) & 0xff] ?? 'SQLITE_ERROR'
    },
  }
}
