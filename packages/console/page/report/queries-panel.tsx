import { Badge } from '../components/badge.js'
import { countOf, countText, shareText } from '../components/number-text.js'
import { Panel } from '../components/panel.js'
import { type Column, RecordTable } from '../components/record-table.js'
import { Duration } from '../components/time.js'
import { durationText } from '../components/time-text.js'
import { adviceFor, type Queries, type Statement } from './queries.js'
import { QueryRuns } from './query-runs.js'

/** A statement as a row of the table. */
interface StatementRow extends Statement {
  readonly id: string
}

/** The queries of a request: what was run again and again, and each statement with its runs. */
export function QueriesPanel({
  queries,
  share,
  arrivedAt,
}: {
  queries: Queries
  /** Of the request's time, 0 to 1. */
  share: number | undefined
  /** When the request came, in milliseconds since 1970. */
  arrivedAt: number | undefined
}) {
  const { statements, leftOut } = queries
  const sentence = sentenceOf(queries, share)
  const rows = statements.map((each, index) => ({ ...each, id: `${index} ${each.text}` }))
  return (
    <Panel title="Queries" aside={countOf(queries.count, 'query', 'queries')} isFlush>
      <div class="queries-head">
        {sentence !== '' && <p>{sentence}</p>}
        <Findings statements={statements} />
      </div>
      {rows.length > 0 && (
        <RecordTable
          label="Statements, what took the longest in all first"
          columns={columnsFor(statements, arrivedAt)}
          rows={rows}
          hasKeys={false}
        />
      )}
      {leftOut > 0 && (
        <p class="queries-foot muted">
          {countOf(leftOut, 'query is', 'queries are')} counted but not kept one by one: what is
          longest, the rows and the errors are those of the others.
        </p>
      )}
    </Panel>
  )
}

/** Statements that are pointed out, of each kind at most: a report may have hundreds. */
const MOST_FINDINGS = 5

/** What is to be seen first: the statements that failed, and those that were run again and again. */
function Findings({ statements }: { statements: readonly Statement[] }) {
  const failed = statements.filter(({ errors }) => errors.length > 0).slice(0, MOST_FINDINGS)
  const repeated = statements.filter(({ isRepeated }) => isRepeated).slice(0, MOST_FINDINGS)
  if (failed.length === 0 && repeated.length === 0) return null
  return (
    <ul class="findings" aria-label="What failed, and what was run again and again">
      {failed.map(({ text, errors }, index) => (
        <li key={`${index} ${text}`}>
          <Badge tone="bad">Failed</Badge>
          <span class="finding">
            <code class="clamped">{text}</code>
            <ErrorCodes errors={errors} />
          </span>
        </li>
      ))}
      {repeated.map(({ text, times, totalMs }, index) => (
        <li key={`${index} ${text}`}>
          <Badge tone="warn">N+1</Badge>
          <span class="finding">
            <span class="clamped">
              {countText(times)} times <code>{text}</code>
            </span>
            <span class="muted">
              {totalMs !== undefined && `${durationText(totalMs)} in all; `}
              {adviceFor(text)}
            </span>
          </span>
        </li>
      ))}
    </ul>
  )
}

function sentenceOf({ durationMs, failed }: Queries, share: number | undefined): string {
  const part = share === undefined ? '' : `, ${shareText(share)} of the request’s time`
  const sentences = [
    durationMs !== undefined && `At least one was running for ${durationText(durationMs)}${part}.`,
    failed > 0 && `${countOf(failed, 'query', 'queries')} failed.`,
  ]
  return sentences.filter(Boolean).join(' ')
}

/** Rows have a column where any run knows of them. */
function columnsFor(
  statements: readonly Statement[],
  arrivedAt: number | undefined,
): readonly Column<StatementRow>[] {
  const columns: readonly (Column<StatementRow> | false)[] = [
    {
      name: 'statement',
      label: 'Statement',
      width: 'main',
      cell: (row) => <StatementCell statement={row} arrivedAt={arrivedAt} />,
    },
    { name: 'times', label: 'Times', width: 'number', cell: ({ times }) => countText(times) },
    {
      name: 'total',
      label: 'In all',
      width: 'number',
      cell: ({ totalMs }) => <Duration ms={totalMs ?? null} />,
    },
    {
      name: 'longest',
      label: 'Longest',
      width: 'number',
      cell: ({ longestMs }) => <Duration ms={longestMs ?? null} />,
    },
    statements.some(({ rows }) => rows !== undefined) && {
      name: 'rows',
      label: 'Rows',
      width: 'number',
      cell: ({ rows }) => (rows === undefined ? '–' : countText(rows)),
    },
  ]
  return columns.filter((each) => each !== false)
}

function StatementCell({
  statement: { text, system, errors, runs },
  arrivedAt,
}: {
  statement: Statement
  arrivedAt: number | undefined
}) {
  return (
    <>
      <code class="statement">{text}</code>
      <span class="row-note">{system}</span>
      {errors.length > 0 && (
        <span class="row-note bad">
          failed: <ErrorCodes errors={errors} />
        </span>
      )}
      {runs.length > 0 && (
        <details class="runs">
          <summary>{countOf(runs.length, 'run')}</summary>
          <QueryRuns runs={runs} arrivedAt={arrivedAt} />
        </details>
      )}
    </>
  )
}

/** `23505`, or `40 times 23505, ETIMEDOUT` */
function ErrorCodes({ errors }: { errors: Statement['errors'] }) {
  const texts = errors.map(([code, times]) =>
    times > 1 ? `${countText(times)} times ${code}` : code,
  )
  return <span class="mono bad">{texts.join(', ')}</span>
}
