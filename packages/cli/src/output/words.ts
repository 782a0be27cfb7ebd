const SECOND_MS = 1_000

/** A time as it can be copied into `--from`: ISO 8601 in UTC, in whole seconds. */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

/** The same without the year, for tables: `11-26 18:03:04`. */
export function shortTime(ms: number): string {
  return new Date(ms).toISOString().slice(5, 19).replace('T', ' ')
}

/** A duration for people: `12 ms`, `3.4 s`, `2.0 min`. */
export function durationText(ms: number): string {
  if (ms < SECOND_MS) return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`
  if (ms < 60 * SECOND_MS) return `${(ms / SECOND_MS).toFixed(1)} s`
  return `${(ms / 60 / SECOND_MS).toFixed(1)} min`
}

/** A number of bytes for people: `1.2 MiB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let size = bytes
  let unit = 0
  while (size >= 1_024 && unit < units.length - 1) {
    size /= 1_024
    unit++
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`
}

/** A number with commas: `1,234,567`. */
export function countText(count: number): string {
  return count.toLocaleString('en-GB')
}

/** A number of things: `1 record`, `2,000 records`. */
export function things(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`
}
