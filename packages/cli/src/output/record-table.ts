import type { RecordRow } from '@fastify-scs/console/read'
import type { Colour } from './colour.js'
import type { Cell, Column } from './table.js'
import { shortTitle } from './title.js'
import { durationText, shortTime } from './words.js'

/** The columns of a list of records of any kind. */
export const RECORD_COLUMNS: readonly Column[] = [
  { name: 'TIME (UTC)' },
  { name: 'WHAT' },
  { name: 'STATUS', leaveOut: 3, most: 20 },
  { name: 'SERVICE', leaveOut: 2 },
  { name: 'USER', leaveOut: 4 },
  { name: 'TITLE', isFlexible: true },
  { name: 'ID', isWhole: true },
]

/** The cells of a record. */
export function recordCells(row: RecordRow): Cell[] {
  const time = shortTime(row.createdAt)
  const ends = [row.service ?? '', row.user ?? ''] as const
  switch (row.kind) {
    case 'reports': {
      const status = [row.statusCode, timeTaken(row.durationMs)].filter(Boolean).join(' ')
      const what = { text: row.status, colour: row.status === 'fatal' ? 'red' : 'yellow' } as const
      return [time, what, status, ...ends, shortTitle(row.title), row.id]
    }
    case 'integration_requests': {
      const isFailed = row.status === 'Failed'
      const colour = isFailed ? ('red' as const) : undefined
      const text = [row.status, row.statusCode, timeTaken(row.durationMs)].filter(Boolean).join(' ')
      const title = [row.method, row.url ?? row.description].filter(Boolean).join(' ')
      const what = row.direction === null ? 'call' : `call ${row.direction}`
      return [time, { text: what, colour }, { text, colour }, ...ends, title, row.id]
    }
    default:
      return [
        time,
        'audit',
        { text: row.level, colour: levelColour(row.level) },
        ...ends,
        row.message,
        row.id,
      ]
  }
}

function timeTaken(durationMs: number | null): string | undefined {
  return durationMs === null ? undefined : durationText(durationMs)
}

function levelColour(level: string): Colour | undefined {
  if (/^(ERROR|CRITICAL|FATAL)$/i.test(level)) return 'red'
  return /^WARN/i.test(level) ? 'yellow' : undefined
}
