export const DAY_MS = 86_400_000

/** The last millisecond of the year 9999, which records may carry. */
export const MAX_TIME_MS = 253_402_300_799_999

/** The UTC day of a time, counted from 1970. */
export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS)
}

/** A time as PostgreSQL reads it; a time outside 1970 to 9999 becomes the edge of that span, where no records are. */
export function timestampOf(timeMs: number): string {
  return new Date(Math.min(Math.max(Math.ceil(timeMs), 0), MAX_TIME_MS)).toISOString()
}

/** The SQL that reads a time, in milliseconds since 1970. */
export function millisecondsOf(column: string): string {
  return `round(extract(epoch FROM ${column}) * 1000)::float8`
}

/** The same for `created_at`. */
export const CREATED_AT_MS: string = millisecondsOf('created_at')
