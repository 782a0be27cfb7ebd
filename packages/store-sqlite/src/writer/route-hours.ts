import { DurationHistogram, type RouteMinute } from '@fastify-scs/core/kit/plain'
import type { Connection, Statement } from '../driver/driver.js'
import { HOUR_MS, hourOf } from '../file/route-hour.js'
import type { LockWait } from '../file/transaction.js'
import { transact } from '../file/transaction.js'

/** How long after its end an hour is summed up, in milliseconds: an instance may write its last minute late. */
const LATE_MS = 300_000
/** Hours back from now that are summed up: 31 days. */
const MAX_HOURS = 744

/**
 * The calls of each route by the hour, which a day's statistics are read from in place of its minutes. Triggers mark an hour as not
 * done when one of its minutes is written or removed, whichever process does that: then its minutes count, until it is summed up again.
 */
export class RouteHours {
  readonly #connection: Connection
  readonly #lockWait: LockWait
  readonly #oldest: Statement
  readonly #isDone: Statement
  readonly #minutes: Statement
  readonly #put: Statement
  readonly #remove: Statement
  readonly #removeUndone: Statement
  readonly #done: Statement

  constructor(connection: Connection, lockWait: LockWait) {
    this.#connection = connection
    this.#lockWait = lockWait
    this.#oldest = connection.prepare('SELECT min(created_at) AS time FROM route_stats')
    this.#isDone = connection.prepare('SELECT 1 FROM route_hours_done WHERE hour = ?')
    this.#minutes = connection.prepare(`SELECT route, service, data FROM route_stats
      CROSS JOIN route_stats_origin AS origin ON origin.record = route_stats.rowid
      WHERE created_at >= ? AND created_at < ? AND route IS NOT NULL`)
    this.#put = connection.prepare(
      'INSERT INTO route_hours (hour, route, service, data) VALUES (?, ?, ?, ?)',
    )
    this.#remove = connection.prepare('DELETE FROM route_hours WHERE hour = ?')
    // Hour by hour, not row by row: 10,000 routes have millions of rows.
    this.#removeUndone = connection.prepare(`WITH RECURSIVE known (hour) AS (
        SELECT min(hour) FROM route_hours
        UNION ALL
        SELECT (SELECT min(hour) FROM route_hours WHERE hour > known.hour) FROM known
          WHERE known.hour IS NOT NULL)
      DELETE FROM route_hours WHERE hour IN (SELECT hour FROM known
        WHERE hour IS NOT NULL AND hour NOT IN (SELECT hour FROM route_hours_done))`)
    this.#done = connection.prepare('INSERT OR REPLACE INTO route_hours_done (hour) VALUES (?)')
  }

  /** Sums up the hours that are over and not done, an hour with each step. */
  *sumUp(): Generator<void> {
    const { time } = this.#oldest.get() as { time: number | null }
    if (time === null) return
    const last = hourOf(Date.now() - LATE_MS) - 1
    const first = Math.max(hourOf(time), last - MAX_HOURS)
    this.#lockWait.do(() => this.#removeUndone.run())
    for (let hour = last; hour >= first; hour--) {
      if (this.#isDone.get(hour) !== undefined) continue
      transact(this.#connection, this.#lockWait, () => this.#sumUpHour(hour))
      yield
    }
  }

  #sumUpHour(hour: number): void {
    const sums = new Map<string, RouteSum>()
    for (const row of this.#minutes.iterate(hour * HOUR_MS, (hour + 1) * HOUR_MS)) {
      const { route, service, data } = row as MinuteRow
      const name = JSON.stringify([route, service])
      const sum = sums.get(name) ?? new RouteSum()
      sums.set(name, sum)
      sum.add(JSON.parse(data) as RouteMinute)
    }
    this.#remove.run(hour)
    for (const [name, sum] of sums) {
      const [route, service] = JSON.parse(name) as [string, string | null]
      this.#put.run(hour, route, service, JSON.stringify(sum.data()))
    }
    this.#done.run(hour)
  }
}

interface MinuteRow {
  readonly route: string
  readonly service: string | null
  readonly data: string
}

/** The calls of one route in one hour, in the form of those of a minute. */
class RouteSum {
  readonly #durations = new DurationHistogram()
  readonly #counts = { calls: 0, failed: 0, slow: 0, stuck: 0, aborted: 0, sumMs: 0 }
  #minMs = Number.POSITIVE_INFINITY
  #maxMs = 0

  add(minute: RouteMinute): void {
    this.#durations.add(minute)
    const counts = this.#counts
    counts.failed += minute.failed
    counts.slow += minute.slow
    counts.stuck += minute.stuck
    counts.aborted += minute.aborted
    if (minute.buckets.length === 0) return
    counts.calls += minute.calls
    counts.sumMs += minute.sumMs
    this.#minMs = Math.min(this.#minMs, minute.minMs)
    this.#maxMs = Math.max(this.#maxMs, minute.maxMs)
  }

  data(): RouteMinute {
    const buckets = this.#durations.toBuckets()
    const minMs = buckets.length === 0 ? 0 : this.#minMs
    return { instance: '', ...this.#counts, minMs, maxMs: this.#maxMs, buckets }
  }
}
