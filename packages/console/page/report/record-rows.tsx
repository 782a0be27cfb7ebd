import { Link } from 'wouter-preact'
import type { RecordRow } from '../../src/api/model.js'
import { StatusBadge } from '../components/badge.js'
import { At } from '../components/time.js'
import { kindLabel, statusOf, titleOf } from '../records/record-text.js'
import { pathOfRecord } from '../shell/paths.js'
import { useRowKeys } from '../shell/use-row-keys.js'

/** Records of any kind, a line each. */
export function RecordRows({ records, label }: { records: readonly RecordRow[]; label: string }) {
  const rows = useRowKeys<HTMLUListElement>()
  return (
    <ul ref={rows} class="record-list" aria-label={label}>
      {records.map((record) => (
        <li key={record.id}>
          <At at={record.createdAt} />
          <span class="muted record-kind">{kindLabel(record)}</span>
          <span class="record-status">
            <StatusBadge status={statusOf(record)} />
          </span>
          <Link class="clamped" href={pathOfRecord(record)} data-row="">
            {titleOf(record)}
          </Link>
        </li>
      ))}
    </ul>
  )
}
