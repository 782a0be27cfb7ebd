import {
  type ExpectedVersion,
  type FoundRow,
  fromRow,
  nextVersion,
  RECORD_KINDS,
  type RecordKind,
  RecordRefusedError,
  type RecordRow,
  type StoreRecord,
  toRow,
  type UnkeptVersion,
} from '@fastify-scs/store/adapter'
import type { Connection, Statement } from '../driver/driver.js'
import { ENGINE } from '../failure.js'
import {
  EXTRA_COLUMNS,
  extraTable,
  originTable,
  replaceExtraSql,
  replaceOriginSql,
  replaceSql,
  upsertSql,
  valuesOf,
} from '../file/columns.js'
import { getQuery } from '../reader/query.js'
import { WORDS_KIND, type WordIndex } from './word-index.js'

/** The statements for the records of a kind. */
interface KindStatements {
  readonly upsert: Statement
  readonly replace: Statement
  readonly find: Statement
  readonly get: Statement
  readonly holder: Statement
  readonly putExtra: Statement
  readonly removeExtra: Statement
  readonly putOrigin: Statement
  readonly removeOrigin: Statement
}

/** Writes records to their tables; all calls belong in a transaction of the caller's. */
export class RecordRows {
  readonly #statements: Readonly<Record<RecordKind, KindStatements>>
  readonly #words: WordIndex | undefined

  constructor(connection: Connection, words: WordIndex | undefined) {
    this.#words = words
    const statements = RECORD_KINDS.map((kind) => [kind, statementsOf(connection, kind)])
    this.#statements = Object.fromEntries(statements) as Record<RecordKind, KindStatements>
  }

  /** Stores a record, unless the same or a higher revision is stored; returns about how many bytes that wrote. @throws RecordRefusedError */
  put(record: StoreRecord): number {
    const row = toRow(ENGINE, record)
    const { upsert, find } = this.#statements[record.kind]
    const { changes, lastInsertRowid } = upsert.run(...valuesOf(row))
    if (Number(changes) === 0) return 0
    // Revision 0 is never higher than a stored one, so the row is new.
    if (row.revision === 0) return this.#putBeside(record, row, lastInsertRowid, true)
    const { number } = find.get(row.id) as KnownRow
    return this.#putBeside(record, row, number, false)
  }

  /**
   * As `put`, but a record with stamps or a key, which others may change too, is merged with what is stored.
   *
   * @throws RecordRefusedError, also when another record has the key
   */
  putMerged(record: StoreRecord): number {
    if (record.stamps === undefined && record.keys.key === undefined) return this.put(record)
    const row = toRow(ENGINE, record)
    const kept = this.compareAndSet({ record, expected: undefined }, row)
    if (typeof kept === 'number') return kept
    const found = kept.reason === 'revision' ? fromRow(record.kind, kept.found) : undefined
    const next = found && nextVersion(ENGINE, record, found)
    if (kept.reason === 'revision' && next === undefined) return 0
    const merged = next && this.compareAndSet(next, toRow(ENGINE, next.record))
    if (typeof merged === 'number') return merged
    throw new RecordRefusedError(ENGINE, 'another record has its key')
  }

  /** Stores a version if just the expected one is stored; returns about how many bytes that wrote, or why it was not stored. */
  compareAndSet({ record, expected }: ExpectedVersion, row: RecordRow): number | UnkeptVersion {
    return this.#unkeptOf(record.kind, row, expected) ?? this.#replace(record, row)
  }

  #unkeptOf(
    kind: RecordKind,
    { id, service, key }: RecordRow,
    expected: number | undefined,
  ): UnkeptVersion | undefined {
    const { find, get, holder } = this.#statements[kind]
    const known = find.get(id) as KnownRow | undefined
    if (known === undefined && expected !== undefined) return { reason: 'gone', id }
    if (known !== undefined && known.revision !== expected) {
      return { reason: 'revision', id, found: { ...(get.get(id) as FoundRow) } }
    }
    if (key === null) return undefined
    const other = holder.get(key, service, id) as { id: string } | undefined
    return other === undefined ? undefined : { reason: 'key', id, holderId: other.id }
  }

  #replace(record: StoreRecord, row: RecordRow): number {
    const { replace, find } = this.#statements[record.kind]
    replace.run(...valuesOf(row))
    const { number } = find.get(row.id) as KnownRow
    return this.#putBeside(record, row, number, false)
  }

  #putBeside(
    { kind, data }: StoreRecord,
    row: RecordRow,
    number: number | bigint,
    isNew: boolean,
  ): number {
    const { putExtra, removeExtra, putOrigin, removeOrigin } = this.#statements[kind]
    const keyService = row.key === null ? null : row.service
    if (hasExtra(row))
      putExtra.run(number, keyService, ...EXTRA_COLUMNS.map(([, field]) => row[field]))
    else if (!isNew) removeExtra.run(number)
    if (hasOrigin(row)) putOrigin.run(number, row.createdAt, row.route, row.release, row.traceId)
    else if (!isNew) removeOrigin.run(number)
    const wordBytes = kind === WORDS_KIND ? (this.#words?.put(number, data) ?? 0) : 0
    return row.data.length + wordBytes
  }
}

function hasExtra({ key, remoteId, stamps }: RecordRow): boolean {
  return key !== null || remoteId !== null || stamps !== null
}

function hasOrigin({ route, release, traceId }: RecordRow): boolean {
  return route !== null || release !== null || traceId !== null
}

interface KnownRow {
  readonly number: number
  readonly revision: number
}

function statementsOf(connection: Connection, kind: RecordKind): KindStatements {
  const extra = extraTable(kind)
  return {
    upsert: connection.prepare(upsertSql(kind)),
    replace: connection.prepare(replaceSql(kind)),
    find: connection.prepare(`SELECT rowid AS number, revision FROM ${kind} WHERE id = ?`),
    get: connection.prepare(getQuery(kind, '').sql),
    holder: connection.prepare(`SELECT id FROM ${extra} AS extra
      CROSS JOIN ${kind} ON ${kind}.rowid = extra.record
      WHERE key = ? AND service IS ? AND id <> ?`),
    putExtra: connection.prepare(replaceExtraSql(kind)),
    removeExtra: connection.prepare(`DELETE FROM ${extra} WHERE record = ?`),
    putOrigin: connection.prepare(replaceOriginSql(kind)),
    removeOrigin: connection.prepare(`DELETE FROM ${originTable(kind)} WHERE record = ?`),
  }
}
