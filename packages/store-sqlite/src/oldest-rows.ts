import { RECORD_KINDS, type RecordKind } from '@fastify-scs/store/adapter'
import type { Connection, SqlValue, Statement } from './driver/driver.js'

/** Removes the oldest records, of whatever kind. */
export class OldestRows {
  readonly #timeOfNth: Statement
  readonly #removeUntil: readonly Statement[]
  readonly #removeBefore: ReadonlyMap<RecordKind, Statement>

  constructor(connection: Connection) {
    const heads = RECORD_KINDS.map(
      (kind) => `SELECT * FROM (SELECT created_at FROM ${kind} ORDER BY created_at LIMIT ?)`,
    )
    this.#timeOfNth = connection.prepare(`SELECT max(created_at) AS time FROM
      (SELECT created_at FROM (${heads.join(' UNION ALL ')}) ORDER BY created_at LIMIT ?)`)
    const remove = (kind: string, condition: string) =>
      connection.prepare(`DELETE FROM ${kind} WHERE rowid IN
        (SELECT rowid FROM ${kind} WHERE ${condition} ORDER BY created_at LIMIT ?)`)
    this.#removeUntil = RECORD_KINDS.map((kind) => remove(kind, 'created_at <= ?'))
    this.#removeBefore = new Map(RECORD_KINDS.map((kind) => [kind, remove(kind, 'created_at < ?')]))
  }

  /** Removes about so many of the oldest of all kinds; returns how many went, 0 when there are none. */
  remove(rows: number): number {
    const limits = RECORD_KINDS.map(() => rows)
    const { time } = this.#timeOfNth.get(...limits, rows) as { time: number | null }
    return time === null ? 0 : runAll(this.#removeUntil, time, rows)
  }

  /** Removes records of before a time, of all kinds or of one, at most so many of each; returns how many went. */
  removeBefore(time: number, rows: number, kind: RecordKind | undefined): number {
    const one = kind === undefined ? undefined : this.#removeBefore.get(kind)
    return runAll(one === undefined ? [...this.#removeBefore.values()] : [one], time, rows)
  }
}

function runAll(statements: readonly Statement[], ...values: readonly SqlValue[]): number {
  return statements.reduce((sum, statement) => sum + Number(statement.run(...values).changes), 0)
}
