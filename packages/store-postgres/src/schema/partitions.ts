import { RECORD_KINDS, type RecordKind } from '@fastify-scs/store/adapter'
import type { Database, Session, TransactionLimits } from '../database.js'
import { isThere } from '../database.js'
import type { Target } from '../target.js'
import { DAY_MS, dayOf } from './day.js'

/** The records of one day and kind: a table of its own. */
export interface Partition {
  readonly kind: RecordKind
  /** UTC days since 1970. */
  readonly day: number
  /** The table's name, without its schema. */
  readonly table: string
}

/** A partition and its size. */
export interface MeasuredPartition extends Partition {
  /** Table, indexes and TOAST together. */
  readonly bytes: number
  /** The server's estimate, 0 before it has made one. */
  readonly estimatedRows: number
}

/** How many tables are remembered, before all are forgotten and checked again. */
const MAX_KNOWN = 10_000

/** The partition that a record belongs to. */
export function partitionOf(kind: RecordKind, createdAt: number): Partition {
  const day = dayOf(createdAt)
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')
  return { kind, day, table: `${kind}_${date}` }
}

/** The partitions that rows of one kind belong to, each once. */
export function partitionsOf(
  kind: RecordKind,
  rows: readonly { readonly createdAt: number }[],
): Partition[] {
  const days = new Set(rows.map(({ createdAt }) => dayOf(createdAt)))
  return [...days].map((day) => partitionOf(kind, day * DAY_MS))
}

/** Makes partitions before they are needed, and remembers which exist. */
export class Partitions {
  readonly #database: Database
  readonly #schema: string
  readonly #quotedSchema: string
  readonly #limits: TransactionLimits
  readonly #known = new Set<string>()

  constructor(database: Database, target: Target, limits: TransactionLimits) {
    this.#database = database
    this.#schema = target.schema
    this.#quotedSchema = target.quotedSchema
    this.#limits = limits
  }

  /** Makes today's and tomorrow's partition of every kind. */
  async ensureAhead(): Promise<void> {
    const times = [Date.now(), Date.now() + DAY_MS]
    await this.ensure(RECORD_KINDS.flatMap((kind) => times.map((time) => partitionOf(kind, time))))
  }

  /** Makes the partitions that do not exist yet. */
  async ensure(wanted: readonly Partition[]): Promise<void> {
    for (const partition of wanted) {
      if (this.#known.has(partition.table)) continue
      // One transaction each, since it keeps a lock on every table and index that it makes to its end.
      await this.#database.transaction(this.#limits, (session) => this.#create(session, partition))
      if (this.#known.size >= MAX_KNOWN) this.#known.clear()
      this.#known.add(partition.table)
    }
  }

  /** Forgets which exist: one was dropped. */
  forget(): void {
    this.#known.clear()
  }

  /** All partitions, oldest first. */
  async list(limits: TransactionLimits = this.#limits): Promise<readonly MeasuredPartition[]> {
    const { rows } = await this.#database.transaction(limits, (session) =>
      session.run<{ kind: RecordKind; date: string; table: string; bytes: number; rows: number }>(
        `SELECT parent.relname AS kind, right(child.relname, 8) AS date, child.relname AS "table",
           pg_total_relation_size(child.oid)::float8 AS bytes, greatest(child.reltuples, 0)::float8 AS rows
         FROM pg_inherits
           JOIN pg_class child ON child.oid = inhrelid
           JOIN pg_class parent ON parent.oid = inhparent
         WHERE parent.relnamespace = $1::regnamespace AND parent.relkind = 'p'
           AND parent.relname = ANY ($2) AND child.relname ~ '_\\d{8}$'
         ORDER BY date, kind`,
        [this.#schema, RECORD_KINDS],
      ),
    )
    return rows.map(({ kind, date, table, bytes, rows: estimatedRows }) => {
      const day = dayOf(Date.parse(date.replace(/(....)(..)(..)/, '$1-$2-$3')))
      return { kind, day, table, bytes, estimatedRows }
    })
  }

  async #create(session: Session, { kind, day, table }: Partition): Promise<void> {
    const parent = `${this.#quotedSchema}.${kind}`
    const child = `${this.#quotedSchema}.${table}`
    if (await isThere(session, this.#schema, table)) return
    await session.run(
      `SELECT pg_advisory_xact_lock(hashtextextended('fastify-scs partition ' || $1, 0))`,
      [this.#schema],
    )
    if (await isThere(session, this.#schema, table)) return
    // CREATE TABLE ... PARTITION OF would stop all who read and write the parent; ATTACH lets them go on.
    await session.run(
      `CREATE TABLE ${child} (LIKE ${parent} INCLUDING DEFAULTS INCLUDING STATISTICS)`,
    )
    await session.run(
      `ALTER TABLE ${parent} ATTACH PARTITION ${child}
       FOR VALUES FROM (to_timestamp(${day * 86_400})) TO (to_timestamp(${(day + 1) * 86_400}))`,
    )
  }
}
