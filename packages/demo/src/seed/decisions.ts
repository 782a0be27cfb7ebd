import type { GroupChange } from '@fastify-scs/store'
import { DAY_MS } from './setting.js'

/** What somebody decided about a group in the week. */
export interface Decision {
  /** The name of the group's fault. */
  readonly fault: string
  readonly hoursAgo: number
  readonly change: Pick<
    GroupChange,
    'by' | 'status' | 'resolvedIn' | 'reason' | 'assignee' | 'note' | 'mutedForOccurrences'
  > & {
    /** For how long it is muted, in milliseconds. */
    readonly mutedForMs?: number
  }
}

/** The decisions of the week, oldest first. */
export const DECISIONS: readonly Decision[] = [
  {
    fault: 'empty-webhook',
    hoursAgo: 140,
    change: {
      by: 'bob',
      status: 'muted',
      reason: 'The provider sends empty bodies since its move; they know, ticket PAY-311',
      mutedForMs: 30 * DAY_MS,
      assignee: 'bob',
    },
  },
  {
    fault: 'stock-database-away',
    hoursAgo: 90,
    change: {
      by: 'carla',
      status: 'resolved',
      resolvedIn: '1.3.1',
      assignee: 'carla',
      note: 'The stock database ran out of connections. 1.3.1 has a pool of its own for reservations.',
    },
  },
  {
    fault: 'total-required',
    hoursAgo: 76,
    change: { by: 'ann', status: 'resolved', resolvedIn: '1.3.1', assignee: 'ann' },
  },
  {
    fault: 'invalid-date',
    hoursAgo: 74,
    change: { by: 'deniz', status: 'resolved', resolvedIn: '1.3.1', assignee: 'deniz' },
  },
  {
    fault: 'missing-glyph',
    hoursAgo: 60,
    change: {
      by: 'ann',
      status: 'muted',
      reason: 'Emoji in names of articles; the new font comes with 1.5.0',
      mutedForOccurrences: 500,
    },
  },
  {
    fault: 'provider-silent',
    hoursAgo: 50,
    change: {
      by: 'ann',
      assignee: 'ann',
      note: 'Their status page says 14:10 to 16:55. Charges were not made twice: checked by key.',
    },
  },
  {
    fault: 'total-differs',
    hoursAgo: 28,
    change: { by: 'bob', status: 'resolved', resolvedIn: '1.4.0', assignee: 'bob' },
  },
]
