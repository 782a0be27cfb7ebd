import { Link } from 'wouter-preact'
import type { RecordRow } from '../../src/api/model.js'
import { StatusBadge } from '../components/badge.js'
import { At } from '../components/time.js'
import { pathOfRecord } from '../shell/paths.js'
import { useRowKeys } from '../shell/use-row-keys.js'
import { titleOf } from './find-id.js'

const KINDS = {
  reports: 'Report',
  integration_requests: 'Call',
  audit_events: 'Audit event',
} as const

/** Records of any kind, a line each. */
export function RecordRows({ records, label }: { records: readonly RecordRow[]; label: string }) {
  const rows = useRowKeys<HTMLUListElement>()
  return (
    <ul ref={rows} class="record-list" aria-label={label}>
      {records.map((record) => (
        <li key={record.id}>
          <At at={record.createdAt} />
          <span class="muted record-kind">{KINDS[record.kind]}</span>
          <StatusBadge status={record.kind === 'audit_events' ? record.level : record.status} />
          <Link class="wrap" href={pathOfRecord(record)} data-row="">
            {titleOf(record)}
          </Link>
        </li>
      ))}
    </ul>
  )
}
