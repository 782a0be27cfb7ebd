import { Link } from 'wouter-preact'
import type { RecordRow } from '../../src/api/model.js'
import { paths } from '../shell/paths.js'

/** The ways from a record to all of its request and of its trace. */
export function RequestLinks({
  row: { requestId, traceId, createdAt },
}: {
  row: Pick<RecordRow, 'requestId' | 'traceId' | 'createdAt'>
}) {
  if (requestId === null && traceId === null)
    return <span class="muted">It was made outside of a request</span>
  return (
    <span class="ways">
      {requestId !== null && (
        <Link href={paths.request(requestId, createdAt)}>Time line of the request</Link>
      )}
      {traceId !== null && <Link href={paths.trace(traceId)}>Trace</Link>}
    </span>
  )
}
