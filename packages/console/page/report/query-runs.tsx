import { countOf } from '../components/number-text.js'
import { durationText, exactText } from '../components/time-text.js'
import type { Run } from './queries.js'

/** The runs of a statement, each with what is known of it. */
export function QueryRuns({
  runs,
  arrivedAt,
}: {
  runs: readonly Run[]
  /** When the request came, in milliseconds since 1970. */
  arrivedAt: number | undefined
}) {
  return (
    <ol class="query-runs">
      {runs.map((run, index) => (
        <li key={`${index} ${run.at}`}>
          <span class="number" title={exactText(run.at)}>
            {arrivedAt === undefined ? '' : `+${durationText(Math.max(0, run.at - arrivedAt))}`}
          </span>
          <span>{[tookText(run), waitText(run), rowsText(run)].filter(Boolean).join(', ')}</span>
          {run.errorCode !== undefined && (
            <span class="bad wrap">
              failed: <span class="mono">{run.errorCode}</span>
            </span>
          )}
        </li>
      ))}
    </ol>
  )
}

function tookText({ durationMs }: Run): string {
  return durationMs === undefined ? 'end not seen' : `took ${durationText(durationMs)}`
}

function waitText({ waitMs }: Run): string {
  return waitMs === undefined || waitMs < 0.05
    ? ''
    : `${durationText(waitMs)} of it waiting for a connection`
}

function rowsText({ rows }: Run): string {
  return rows === undefined ? '' : countOf(rows, 'row')
}
