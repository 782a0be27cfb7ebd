import type { OpenedStore, RecordRow } from '@fastify-scs/console/read'
import type { FoundRecord } from '@fastify-scs/store'
import { writeTimeline } from '../commands/timeline.js'
import type { Output } from '../output/output.js'
import { recordCells } from '../output/record-table.js'
import { timeText } from '../output/words.js'
import { writeFields, writeReport, writeTitle } from './report.js'

/** Fields of a call that are shown, in this order. */
const CALL_FIELDS = ['requestHeaders', 'data', 'responseHeaders', 'output', 'error'] as const

/** Writes one record, and what is known of its request. */
export async function writeRecord(
  output: Output,
  { reader }: OpenedStore,
  found: FoundRecord,
): Promise<void> {
  const { row, data, curl, attempts } = await reader.detailOf(found)
  if (!output.isTable) {
    await output.json({ ...row, data, ...(curl === null ? {} : { curl }), attempts })
    return
  }
  await output.line(titleOf(row), 'bold')
  for (const [name, value] of headOf(row)) await output.line(`  ${name}: ${value}`)
  if (row.kind === 'reports') await writeReport(output, data)
  else if (row.kind === 'audit_events') await writeFields(output, 'Event', data.event)
  else
    for (const field of CALL_FIELDS) {
      const value = data[field]
      if (typeof value === 'object') await writeFields(output, field, value)
      else if (value !== undefined) await writeFields(output, field, { [field]: value })
    }
  if (curl !== null && curl !== undefined) {
    await writeTitle(output, 'As a command')
    for (const line of curl.split('\n')) await output.line(line)
  }
  if (row.requestId === null) return
  const line = await reader.timeline(row.requestId, String(row.createdAt))
  if (line.entries.length < 2) return
  await writeTitle(output, `Time line of the request ${row.requestId}`)
  await writeTimeline(output, line)
}

function titleOf(row: RecordRow): string {
  switch (row.kind) {
    case 'reports':
      return row.title
    case 'integration_requests':
      return [row.method, row.url ?? row.description].filter(Boolean).join(' ')
    default:
      return row.message
  }
}

function headOf(row: RecordRow): (readonly [name: string, value: string])[] {
  const { kind, id, createdAt, requestId, traceId, user, service } = row
  const [, , status] = recordCells(row)
  const fields = {
    kind,
    id,
    made: timeText(createdAt),
    status: [
      row.kind === 'reports' ? row.status : '',
      typeof status === 'string' ? status : status?.text,
    ]
      .filter(Boolean)
      .join(' '),
    service,
    ...(row.kind === 'reports'
      ? { route: row.route, release: row.release, group: row.fingerprint }
      : {}),
    user,
    request: requestId,
    trace: traceId,
  }
  return Object.entries(fields).flatMap(([name, value]) =>
    value === null || value === '' ? [] : [[name, value] as const],
  )
}
