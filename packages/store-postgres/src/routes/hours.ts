import type { RecordKind } from '@fastify-scs/store/adapter'
import type { Database, Session, Statement, TransactionLimits } from '../database.js'
import { sqlstateOf } from '../fault.js'
import type { StoredRow } from '../schema/columns.js'
import { DAY_MS, millisecondsOf, timestampOf } from '../schema/day.js'
import { mergeStatement } from './merge.js'

export const HOUR_MS = 3_600_000

/** An hour is merged so long after its end, in milliseconds, since a minute may arrive late; one that arrives later still is no loss. */
const LATE_MS = 600_000

/** How far back hours are merged: a query spans 31 days. */
const MERGED_MS = 32 * DAY_MS

/** Hours that are merged at one go. */
const MAX_HOURS = 48

/** What the codes of errors begin with that are about a value. */
const DATA_EXCEPTION = '22'

const LOCK = `hashtextextended('fastify-scs route hour ' || $1 || ' ' || extract(epoch FROM hour), 0)`

/** The hours within a span of time that are merged, oldest first, each by its beginning in milliseconds since 1970. */
export async function mergedHours(
  { run }: Session,
  quotedSchema: string,
  from: number,
  to: number,
): Promise<readonly number[]> {
  const { rows } = await run<{ hour: number }>(
    `SELECT ${millisecondsOf('hour')} AS hour FROM ${quotedSchema}.route_hours
     WHERE hour >= $1 AND hour <= $2 ORDER BY hour`,
    [timestampOf(from), timestampOf(to - HOUR_MS)],
  )
  return rows.map(({ hour }) => hour)
}

/**
 * The statements that make hours count as not merged before minutes of them are written, in the same transaction. They share a lock
 * that nobody has who merges the hour: so whoever merges it has read these minutes, or is undone.
 */
export function reopenHours(
  quotedSchema: string,
  kind: RecordKind,
  rows: readonly Pick<StoredRow, 'createdAt'>[],
): readonly Statement[] {
  if (kind !== 'route_stats') return []
  const starts = rows.map(({ createdAt }) => Math.floor(createdAt / HOUR_MS) * HOUR_MS)
  // In one order, or two instances would block each other.
  const hours = [...new Set(starts)].sort((one, other) => one - other).map(timestampOf)
  return [
    {
      text: `SELECT pg_advisory_xact_lock_shared(${LOCK}) FROM unnest($2::timestamptz[]) AS hour`,
      values: [quotedSchema, hours],
    },
    {
      text: `DELETE FROM ${quotedSchema}.route_hours WHERE hour = ANY (ARRAY(
        SELECT hour FROM ${quotedSchema}.route_hours WHERE hour = ANY ($1::timestamptz[])
        ORDER BY hour FOR UPDATE))`,
      values: [hours],
    },
  ]
}

/** Merges the calls of hours that are over, so that summing up a day reads a few rows for each route and not thousands. */
export class RouteHours {
  readonly #database: Database
  readonly #limits: TransactionLimits
  readonly #quotedSchema: string
  #nextAt = 0

  constructor(database: Database, limits: TransactionLimits, quotedSchema: string) {
    this.#database = database
    this.#limits = limits
    this.#quotedSchema = quotedSchema
  }

  /** Merges what is over and not merged yet, once for each hour; what is too much for one go is left to the next call. */
  async mergeOver(): Promise<void> {
    const now = Date.now()
    if (now < this.#nextAt) return
    const over = Math.floor((now - LATE_MS) / HOUR_MS) * HOUR_MS
    const hours = await this.#unmerged(over)
    for (const hour of hours) await this.#tryMerge(hour)
    if (hours.length < MAX_HOURS) this.#nextAt = over + HOUR_MS + LATE_MS
  }

  /** Forgets what was merged of hours in a span of time, whose minutes are removed. */
  async forget(from: number, to: number): Promise<void> {
    await this.#database.transaction(this.#limits, ({ run }) =>
      run(
        `DELETE FROM ${this.#quotedSchema}.route_hours WHERE hour = ANY (ARRAY(
           SELECT hour FROM ${this.#quotedSchema}.route_hours
           WHERE hour >= $1 AND hour < $2 FOR UPDATE SKIP LOCKED))`,
        [timestampOf(from), timestampOf(to)],
      ),
    )
  }

  /** Hours that ended by a time, newest first. */
  async #unmerged(over: number): Promise<readonly string[]> {
    const { rows } = await this.#database.transaction(this.#limits, ({ run }) =>
      run<{ hour: number }>(
        `SELECT ${millisecondsOf('hour')} AS hour
         FROM generate_series($1::timestamptz, $2::timestamptz, interval '1 hour') AS hour
         WHERE NOT EXISTS (SELECT FROM ${this.#quotedSchema}.route_hours AS merged WHERE merged.hour = hour.hour)
           AND EXISTS (SELECT FROM ${this.#quotedSchema}.route_stats
             WHERE created_at >= hour.hour AND created_at < hour.hour + interval '1 hour')
         ORDER BY 1 DESC LIMIT ${MAX_HOURS}`,
        [timestampOf(over - MERGED_MS), timestampOf(over - HOUR_MS)],
      ),
    )
    return rows.map(({ hour }) => timestampOf(hour))
  }

  /** An hour with data that cannot be read stays as it is: retention must not end with it. */
  async #tryMerge(hour: string): Promise<void> {
    try {
      await this.#database.transaction(this.#limits, (session) => this.#merge(session, hour))
    } catch (error) {
      if (sqlstateOf(error)?.startsWith(DATA_EXCEPTION) !== true) throw error
    }
  }

  async #merge({ run }: Session, hour: string): Promise<void> {
    const { rows } = await run<{ isMine: boolean }>(
      `SELECT pg_try_advisory_xact_lock(${LOCK}) AS "isMine" FROM (SELECT $2::timestamptz AS hour) AS wanted`,
      [this.#quotedSchema, hour],
    )
    // Somebody writes minutes of it.
    if (rows[0]?.isMine !== true) return
    await run(`INSERT INTO ${this.#quotedSchema}.route_hours VALUES ($1) ON CONFLICT DO NOTHING`, [
      hour,
    ])
    const source = `SELECT route, service, data FROM ${this.#quotedSchema}.route_stats
      WHERE created_at >= $1 AND created_at < $1::timestamptz + interval '1 hour' AND route IS NOT NULL`
    await run(
      `INSERT INTO ${this.#quotedSchema}.route_hour_calls (hour, route, service, data)
       SELECT $1, route, service, json_build_object('failed', failed, 'slow', slow, 'stuck', stuck, 'aborted', aborted,
         'sumMs', "sumMs", 'minMs', "minMs", 'maxMs', "maxMs", 'buckets', buckets::json)
       FROM (${mergeStatement(source, 'service')}) AS merged`,
      [hour],
    )
  }
}
