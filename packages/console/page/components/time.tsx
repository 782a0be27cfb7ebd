import { useNow } from './clock.js'
import { agoText, durationText, exactText, localText } from './time-text.js'

/** How long ago something was; the exact time is a hover away. */
export function Ago({ at }: { at: number }) {
  return (
    <time class="time" dateTime={new Date(at).toISOString()} title={exactText(at)}>
      {agoText(at, useNow())}
    </time>
  )
}

/** A time in the reader's zone, with exact UTC on hover. */
export function At({ at }: { at: number }) {
  return (
    <time class="time" dateTime={new Date(at).toISOString()} title={exactText(at)}>
      {localText(at)}
    </time>
  )
}

/** A duration; a dash where there is none. */
export function Duration({ ms }: { ms: number | null }) {
  if (ms === null) return <span class="time">–</span>
  return (
    <span class="time" title={`${ms} ms`}>
      {durationText(ms)}
    </span>
  )
}
