// How times and durations read. All of it is plain: milliseconds in, text out.

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/**
 * How long ago, in steps that are as wide as the text: below a minute it is `just now`, so that nothing on the page counts seconds.
 */
export function agoText(at: number, now: number): string {
  const ms = now - at
  // Clocks differ by a little; what is to come by more is said as such.
  if (ms < -MINUTE) return `in ${spanText(-ms)}`
  return ms < MINUTE ? 'just now' : `${spanText(ms)} ago`
}

/** A span in its largest unit, rounded down: `3 min`, `2 h`, `5 d`. */
export function spanText(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / SECOND))} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`
  if (ms < 60 * DAY) return `${Math.floor(ms / DAY)} d`
  return ms < 365 * DAY ? `${Math.floor(ms / (30 * DAY))} mo` : `${Math.floor(ms / (365 * DAY))} y`
}

/** A duration with three digits at most: `0.4 ms`, `38 ms`, `1.25 s`, `2 min 5 s`. */
export function durationText(ms: number): string {
  if (ms < 0.05) return '0 ms'
  if (ms < 10) return `${round(ms, 1)} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 10 * SECOND) return `${round(ms / SECOND, 2)} s`
  if (ms < MINUTE) return `${round(ms / SECOND, 1)} s`
  if (ms < HOUR) return pair(ms, MINUTE, 'min', SECOND, 's')
  return ms < DAY ? pair(ms, HOUR, 'h', MINUTE, 'min') : pair(ms, DAY, 'd', HOUR, 'h')
}

function pair(
  ms: number,
  large: number,
  largeName: string,
  small: number,
  smallName: string,
): string {
  const whole = Math.floor(ms / large)
  const rest = Math.floor((ms - whole * large) / small)
  return rest === 0 ? `${whole} ${largeName}` : `${whole} ${largeName} ${rest} ${smallName}`
}

function round(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)))
}

/** `2026-11-26 11:53:17.250 UTC`. */
export function utcText(at: number): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return 'no valid time'
  return `${date.toISOString().replace('T', ' ').replace('Z', '')} UTC`
}

/** In the reader's zone and language, to the second. @param zone an IANA name; the reader's own without */
export function localText(at: number, zone?: string, language?: string): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).format(at)
}

/** What a pointer over a time shows: the reader's zone and UTC. */
export function exactText(at: number): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return `${localText(at)} (${zone})\n${utcText(at)}`
}

/** A label of a time axis: the hour within two days, else the day. */
export function axisText(at: number, spanMs: number, language?: string, zone?: string): string {
  const where = zone === undefined ? {} : { timeZone: zone }
  return spanMs <= 2 * DAY
    ? new Intl.DateTimeFormat(language, {
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
        ...where,
      }).format(at)
    : new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', ...where }).format(at)
}
