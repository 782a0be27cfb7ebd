import { Link } from 'wouter-preact'
import type { RecordRow } from '../../src/api/model.js'
import { Duration } from '../components/time.js'
import { fieldsOf, textOf } from '../records/fields.js'
import { paths } from '../shell/paths.js'
import type { UnansweredCall } from './blocked-facts.js'

/** The calls that had no answer while the event loop was blocked. */
export function UnansweredCalls({
  calls,
  createdAt,
}: {
  calls: readonly UnansweredCall[]
  /** When the report was made: other requests may have the same ids. */
  createdAt: RecordRow['createdAt']
}) {
  return (
    <ul class="waiting" aria-label="Calls without an answer, the oldest first">
      {calls.map(({ endpoint, requestId, ageMs }, index) => (
        <li key={`${index} ${requestId}`}>
          <span class="mono wrap">{endpoint}</span>
          {requestId !== undefined && (
            <Link class="mono wrap" href={paths.request(requestId, createdAt)}>
              {requestId}
            </Link>
          )}
          {ageMs !== undefined && (
            <span class="muted">
              for <Duration ms={ageMs} />
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

/** The outbound calls and queries of the request that had not ended. */
export function OpenCalls({ calls }: { calls: readonly unknown[] }) {
  return (
    <ul class="waiting" aria-label="Calls and queries that had not ended">
      {calls.map((call, index) => (
        <li key={index} class="mono wrap">
          {callText(call)}
        </li>
      ))}
    </ul>
  )
}

/** What it was, as far as its fields have names that are known; else all of it. */
function callText(call: unknown): string {
  const fields = fieldsOf(call)
  const parts = [fields?.system, fields?.service, fields?.method, fields?.url, fields?.query]
    .map(textOf)
    .filter((part) => part !== undefined)
  if (parts.length > 0) return parts.join(' ')
  return typeof call === 'string' ? call : (JSON.stringify(call) ?? '')
}
