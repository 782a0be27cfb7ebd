import { performance } from 'node:perf_hooks'
import type { Redactor } from '@fastify-scs/core'
import {
  type QueriesFact,
  type QueryRun,
  type QueryStatement,
  shortened,
} from '@fastify-scs/core/kit'
import type { HeldStatement } from '../noting/held-statements.js'
import type { NotedQuery, RequestNotes } from '../noting/request-notes.js'

/** Bytes of the fact as JSON, at most. Reports cut one of 65,536. */
export const MAX_FACT_BYTES = 49_152
/** Bytes of its statements, at most; the rest is left for the runs. */
const MAX_STATEMENTS_BYTES = 32_768
/** Characters of a statement. */
export const MAX_STATEMENT_CHARS = 1_000
/** Characters of each where so many and such long ones are too much. */
const MIN_STATEMENT_CHARS = 16
/** Different statements that are told. */
const MAX_STATEMENTS = 200
/** The frame of the fact around its two lists. */
const FRAME_BYTES = 200
/** What surrounds the work and is none itself: transactions, settings, the wait for a connection. */
const NO_WORK =
  /^(?:begin|start|commit|end|rollback|savepoint|release|set|pool\.connect\(\)$)(?:\W|$)/i
/** In Redis; `SET` is work there, and `EXEC` is in SQL Server. */
const NO_WORK_OF_REDIS = /^(?:MULTI|EXEC|DISCARD|UNWATCH)$/

/** The fact `queries` of a request: normalised, redacted and bounded. */
export function queriesFact(notes: RequestNotes, redactor: Redactor): QueriesFact {
  const told = tellStatements(notes, redactor)
  const statements = fitted(told.statements)
  const maxBytes = MAX_FACT_BYTES - FRAME_BYTES - bytesOf(statements)
  const list = tellRuns(notes, redactor, told.indexOf, maxBytes)
  return {
    count: notes.count,
    leftOut: notes.count - list.length,
    durationMs: rounded(notes.busy.totalMs(performance.now())),
    statements,
    list,
  }
}

interface ToldStatements {
  readonly statements: QueryStatement[]
  readonly indexOf: ReadonlyMap<HeldStatement, number>
}

type Tally = { -readonly [Key in keyof QueryStatement]: QueryStatement[Key] }

function tellStatements(notes: RequestNotes, redactor: Redactor): ToldStatements {
  const statements: Tally[] = []
  const indexOf = new Map<HeldStatement, number>()
  const byText = new Map<string, number>()
  for (const held of notes.statements.all) {
    const key = `${held.system}\n${held.normalised}`
    const index = byText.get(key) ?? statements.length
    if (index === MAX_STATEMENTS) continue
    byText.set(key, index)
    indexOf.set(held, index)
    statements[index] ??= tally(held, redactor)
    const statement = statements[index]
    statement.times += held.times
    statement.durationMs += held.durationMs
  }
  for (const statement of statements) {
    statement.durationMs = rounded(statement.durationMs)
    statement.isRepeated = statement.times >= notes.app.settings.repeatedFrom && isWork(statement)
  }
  return { statements, indexOf }
}

function isWork({ system, text }: QueryStatement): boolean {
  return !(system === 'redis' ? NO_WORK_OF_REDIS : NO_WORK).test(text)
}

function tally({ system, normalised }: HeldStatement, redactor: Redactor): Tally {
  return { system, text: redactor.text(normalised), times: 0, durationMs: 0, isRepeated: false }
}

/** The statements, each cut to as many characters as all of them have room for. */
function fitted(statements: QueryStatement[]): QueryStatement[] {
  for (let maxChars = MAX_STATEMENT_CHARS; ; maxChars /= 2) {
    const cut = statements.map((one) => ({ ...one, text: shortened(one.text, maxChars) }))
    if (maxChars <= MIN_STATEMENT_CHARS || bytesOf(cut) <= MAX_STATEMENTS_BYTES) return cut
  }
}

function tellRuns(
  { runs, clockOffsetMs }: RequestNotes,
  redactor: Redactor,
  indexOf: ReadonlyMap<HeldStatement, number>,
  maxBytes: number,
): QueryRun[] {
  const list: QueryRun[] = []
  let bytes = 0
  // A driver that tells of a query only at its end tells of it behind those that it has begun since.
  for (const run of [...runs].sort((a, b) => a.startedAt - b.startedAt)) {
    const statement = indexOf.get(run.statement)
    if (statement === undefined) continue
    const told = tellRun(run, statement, clockOffsetMs, redactor)
    bytes += bytesOf(told) + 1
    if (bytes > maxBytes) return list
    list.push(told)
  }
  return list
}

function tellRun(
  run: NotedQuery,
  statement: number,
  clockOffsetMs: number,
  redactor: Redactor,
): QueryRun {
  const { startedAt, connectedAt, durationMs, rows, errorCode } = run
  return {
    statement,
    at: rounded(startedAt + clockOffsetMs),
    durationMs: durationMs === null ? null : rounded(durationMs),
    waitMs: connectedAt === 0 ? null : rounded(connectedAt - startedAt),
    rows,
    errorCode: errorCode === null ? null : redactor.text(errorCode),
  }
}

/** To microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
