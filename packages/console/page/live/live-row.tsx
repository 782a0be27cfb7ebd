import { useMemo } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { RecordRow } from '../../src/api/model.js'
import { StatusBadge } from '../components/badge.js'
import { exactText } from '../components/time-text.js'
import { kindLabel, statusOf, titleOf } from '../records/record-text.js'
import { pathOfRecord } from '../shell/paths.js'

/** A record of the live tail on one line. */
export function LiveRow({ row }: { row: RecordRow }) {
  // Hundreds of rows stay as they are while one comes on top: an unchanged element is not compared again.
  return useMemo(
    () => (
      <li class="live-row">
        <time
          class="time muted"
          dateTime={new Date(row.createdAt).toISOString()}
          title={exactText(row.createdAt)}
        >
          {clockText(row.createdAt)}
        </time>
        <span class="live-kind muted">{kindLabel(row)}</span>
        <StatusBadge status={statusOf(row)} />
        <Link class="live-title" href={pathOfRecord(row)} data-row="">
          {titleOf(row)}
        </Link>
        <span class="live-who muted">{row.user ?? row.service ?? ''}</span>
      </li>
    ),
    [row],
  )
}

/** The time of day in the reader's zone: `14:03:07`. */
function clockText(at: number): string {
  const date = new Date(at)
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}
