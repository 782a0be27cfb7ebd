import type { LiveLag, RecordRow } from '../../src/api/model.js'

/** What the live tail shows, and what it holds back while one reads. */
export interface LiveTail {
  /** Newest first. */
  readonly shown: readonly RecordRow[]
  /** What arrived while it was paused, newest first. */
  readonly waiting: readonly RecordRow[]
  /** How many more have arrived than `waiting` keeps: the oldest of them are let go. */
  readonly letGo: number
  /** Why it is paused; it goes on when no reason is left. */
  readonly pausedBy: readonly PauseReason[]
  readonly connection: 'connecting' | 'open' | 'lost'
  /** Null while it keeps up. */
  readonly lag: LiveLag | null
}

/** `button`: by the button; `scrolled`: the top is out of sight; `reading`: pointer, focus or a selection is on the rows. */
export type PauseReason = 'button' | 'scrolled' | 'reading'

export type LiveEvent =
  | { readonly type: 'record'; readonly row: RecordRow }
  | { readonly type: 'lag'; readonly lag: LiveLag }
  | { readonly type: 'open' | 'lost' | 'cleared' | 'show' }
  | { readonly type: 'pause' | 'resume'; readonly reason: PauseReason }

/** Rows that are kept, shown or waiting. */
export const MAX_LIVE_ROWS = 500

export const EMPTY_TAIL: LiveTail = {
  shown: [],
  waiting: [],
  letGo: 0,
  pausedBy: [],
  connection: 'connecting',
  lag: null,
}

/** Behind by less than this is no lag to tell of, in milliseconds. */
const LAG_TOLD_MS = 2_000

/** What the tail is after an event. */
export function tailAfter(tail: LiveTail, event: LiveEvent): LiveTail {
  switch (event.type) {
    case 'record':
      return withRow(tail, event.row)
    case 'lag':
      return { ...tail, lag: isToldOf(event.lag) ? event.lag : null }
    case 'open':
      return { ...tail, connection: 'open' }
    case 'lost':
      return { ...tail, connection: 'lost' }
    case 'cleared':
      return { ...tail, shown: [], waiting: [], letGo: 0, lag: null, connection: 'connecting' }
    case 'show':
      return released(tail)
    case 'pause':
      return tail.pausedBy.includes(event.reason)
        ? tail
        : { ...tail, pausedBy: [...tail.pausedBy, event.reason] }
    case 'resume': {
      if (!tail.pausedBy.includes(event.reason)) return tail
      const pausedBy = tail.pausedBy.filter((reason) => reason !== event.reason)
      return pausedBy.length === 0 ? released({ ...tail, pausedBy }) : { ...tail, pausedBy }
    }
  }
}

/** How many records wait to be shown. */
export function waitingCount({ waiting, letGo }: LiveTail): number {
  return waiting.length + letGo
}

/** What the banner says about a lag; empty for none. */
export function lagText(lag: LiveLag | null): string {
  if (lag === null) return ''
  const behind =
    lag.behindMs >= LAG_TOLD_MS ? `${Math.round(lag.behindMs / 1000)} s behind` : undefined
  const dropped =
    lag.dropped > 0
      ? `${lag.dropped.toLocaleString('en')} ${lag.dropped === 1 ? 'record was' : 'records were'} left out`
      : undefined
  return [behind, dropped].filter((each) => each !== undefined).join('; ')
}

function isToldOf({ behindMs, dropped }: LiveLag): boolean {
  return behindMs >= LAG_TOLD_MS || dropped > 0
}

/** A record that arrives again, changed or after a resume, takes the place of its earlier self. */
function withRow(tail: LiveTail, row: RecordRow): LiveTail {
  const isSame = (each: RecordRow): boolean => each.id === row.id && each.kind === row.kind
  if (tail.shown.some(isSame))
    return { ...tail, shown: tail.shown.map((each) => (isSame(each) ? row : each)) }
  if (tail.waiting.some(isSame))
    return { ...tail, waiting: tail.waiting.map((each) => (isSame(each) ? row : each)) }
  if (tail.pausedBy.length === 0)
    return { ...tail, shown: [row, ...tail.shown].slice(0, MAX_LIVE_ROWS) }
  const waiting = [row, ...tail.waiting]
  const letGo = tail.letGo + Math.max(0, waiting.length - MAX_LIVE_ROWS)
  return { ...tail, waiting: waiting.slice(0, MAX_LIVE_ROWS), letGo }
}

function released(tail: LiveTail): LiveTail {
  const shown = [...tail.waiting, ...tail.shown].slice(0, MAX_LIVE_ROWS)
  return { ...tail, shown, waiting: [], letGo: 0 }
}
