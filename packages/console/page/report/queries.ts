import { type Fields, fieldsOf, listOf, numberOf, textOf } from '../records/fields.js'

/** One run of a statement. */
export interface Run {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly durationMs: number | undefined
  /** Milliseconds of the wait for a connection. */
  readonly waitMs: number | undefined
  readonly rows: number | undefined
  readonly errorCode: string | undefined
}

/** A statement that a request has run, with its runs as far as they were kept. */
export interface Statement {
  /** Which kind of database: `postgresql`. */
  readonly system: string
  readonly text: string
  readonly times: number
  /** Of all its runs together; undefined where no end of a run was seen. */
  readonly totalMs: number | undefined
  readonly longestMs: number | undefined
  /** Of all its runs together; undefined where no run knows. */
  readonly rows: number | undefined
  /** The codes of the errors that it failed by, each with how often. */
  readonly errors: readonly (readonly [code: string, times: number])[]
  readonly isRepeated: boolean
  readonly runs: readonly Run[]
}

/** The queries of a request. */
export interface Queries {
  readonly count: number
  /** How many are counted but not kept one by one. */
  readonly leftOut: number
  /** Milliseconds during which at least one was running; undefined where that was cut off. */
  readonly durationMs: number | undefined
  readonly failed: number
  /** What took the longest in all comes first. */
  readonly statements: readonly Statement[]
}

/** Reads the request fact `queries`, as far as it is one: a report's facts are cut at their limit. */
export function queriesOf(fact: unknown): Queries | undefined {
  const fields = fieldsOf(fact)
  const count = numberOf(fields?.count)
  if (fields === undefined || count === undefined || count <= 0) return undefined
  const runs = runsOf(fields.list)
  const statements = listOf(fields.statements)
    .map((each, index) => statementOf(each, runs.get(index) ?? []))
    .filter((each) => each !== undefined)
    .sort((one, other) => (other.totalMs ?? 0) - (one.totalMs ?? 0))
  const kept = [...runs.values()].reduce((sum, each) => sum + each.length, 0)
  return {
    count,
    leftOut: Math.max(0, count - kept),
    durationMs: spanOf(fields.durationMs),
    failed: statements.reduce((sum, { errors }) => sum + timesOf(errors), 0),
    statements,
  }
}

/** The share of a request's time in which at least one of its queries was running, 0 to 1; undefined where the time is not known. */
export function shareOfTime(
  { durationMs }: Queries,
  report: { readonly data: unknown; readonly time: Fields | undefined },
): number | undefined {
  const told = numberOf(fieldsOf(fieldsOf(report.data)?.queries)?.share)
  if (told !== undefined) return Math.min(1, Math.max(0, told))
  const microsecs = numberOf(report.time?.microsecs)
  if (durationMs === undefined || microsecs === undefined || microsecs <= 0) return undefined
  return Math.min(1, (durationMs * 1_000) / microsecs)
}

/** What can be done about a statement that was run again and again. */
export function adviceFor(text: string): string {
  return READS.test(text) ? 'one query could read them all' : 'one statement could do them all'
}

const READS = /^\s*(?:select|with|find|findone|aggregate|get|hget|mget|hgetall)\b/i

function statementOf(value: unknown, runs: readonly Run[]): Statement | undefined {
  const fields = fieldsOf(value)
  const text = textOf(fields?.text)
  if (fields === undefined || text === undefined) return undefined
  const durations = knownOf(runs.map(({ durationMs }) => durationMs))
  const rows = knownOf(runs.map((run) => run.rows))
  return {
    system: textOf(fields.system) ?? '',
    text,
    times: numberOf(fields.times) ?? runs.length,
    totalMs: totalOf(fields, runs, durations),
    longestMs: durations.length === 0 ? undefined : Math.max(...durations),
    rows: rows.length === 0 ? undefined : rows.reduce((sum, each) => sum + each, 0),
    errors: errorsOf(runs),
    isRepeated: fields.isRepeated === true,
    runs,
  }
}

function totalOf(
  fields: Fields,
  runs: readonly Run[],
  durations: readonly number[],
): number | undefined {
  if (durations.length === 0 && runs.length > 0) return undefined
  return spanOf(fields.durationMs) ?? durations.reduce((sum, each) => sum + each, 0)
}

/** A span of time; a clock that went back tells of none. */
function spanOf(value: unknown): number | undefined {
  const ms = numberOf(value)
  return ms === undefined || ms < 0 ? undefined : ms
}

/** The runs by the index of their statement. */
function runsOf(list: unknown): ReadonlyMap<number, readonly Run[]> {
  const byStatement = new Map<number, Run[]>()
  for (const each of listOf(list)) {
    const run = fieldsOf(each)
    const index = numberOf(run?.statement)
    const at = numberOf(run?.at)
    if (run === undefined || index === undefined || at === undefined) continue
    const runs = byStatement.get(index) ?? []
    byStatement.set(index, runs)
    runs.push({
      at,
      durationMs: spanOf(run.durationMs),
      waitMs: numberOf(run.waitMs),
      rows: numberOf(run.rows),
      errorCode: textOf(run.errorCode),
    })
  }
  return byStatement
}

function errorsOf(runs: readonly Run[]): Statement['errors'] {
  const times = new Map<string, number>()
  for (const { errorCode } of runs) {
    if (errorCode !== undefined) times.set(errorCode, (times.get(errorCode) ?? 0) + 1)
  }
  return [...times]
}

function timesOf(errors: Statement['errors']): number {
  return errors.reduce((sum, [, times]) => sum + times, 0)
}

function knownOf(numbers: readonly (number | undefined)[]): readonly number[] {
  return numbers.filter((each) => each !== undefined)
}
