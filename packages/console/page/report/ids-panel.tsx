import { Link } from 'wouter-preact'
import type { RecordRow } from '../../src/api/model.js'
import { Facts, Panel } from '../components/panel.js'
import { paths } from '../shell/paths.js'

/** The names that a report goes by; its request and its trace lead to all that they have. */
export function IdsPanel({ row, errorId }: { row: RecordRow; errorId: string | undefined }) {
  const { id, requestId, traceId } = row
  return (
    <Panel title="Ids">
      <Facts
        rows={[
          ['Report', <span class="mono">{id}</span>],
          ...(errorId === undefined
            ? []
            : [['Error id', <span class="mono">{errorId}</span>] as const]),
          ...(requestId === null
            ? []
            : [
                [
                  'Request',
                  <Link class="mono" href={paths.request(requestId, row.createdAt)}>
                    {requestId}
                  </Link>,
                ] as const,
              ]),
          ...(traceId === null
            ? []
            : [
                [
                  'Trace',
                  <Link class="mono" href={paths.trace(traceId)}>
                    {traceId}
                  </Link>,
                ] as const,
              ]),
        ]}
      />
    </Panel>
  )
}
