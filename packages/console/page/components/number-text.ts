const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const WHOLE = new Intl.NumberFormat('en')
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** A count as it is: `12,340`. */
export function countText(count: number): string {
  return WHOLE.format(count)
}

/** A count in four characters or so: `12.3K`. */
export function shortCountText(count: number): string {
  return count < 10_000 ? WHOLE.format(count) : COMPACT.format(count)
}

/** Bytes in units of 1,000: `4.2 MB`. */
export function bytesText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000
    unit += 1
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : Number(value.toFixed(1))} ${UNITS[unit]}`
}

/** A share: `0.4 %`, `12 %`. */
export function shareText(share: number): string {
  const percent = share * 100
  if (percent > 0 && percent < 0.1) return '< 0.1 %'
  return `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)} %`
}

/** A count with its noun: `1 user`, `3 users`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`
}
