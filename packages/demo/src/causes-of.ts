import type { QueriesFact } from '@fastify-scs/core/kit'
import type { CrashReport } from '@fastify-scs/error-reporter'
import type { FoundRecord } from '@fastify-scs/store'

interface OutboundCall {
  readonly method: string
  readonly url: string
  readonly status: string
  readonly durationMs: number
}

interface Facts {
  readonly queries?: QueriesFact
  readonly outbound_calls?: readonly OutboundCall[]
}

/** What a report names as its cause: the line of code, statements that were run again and again, calls to the outside. */
export function causesOf(record: FoundRecord['data']): readonly string[] {
  const { code, facts } = record as unknown as CrashReport
  const { queries, outbound_calls: calls = [] } = facts as unknown as Facts
  const repeated = queries?.statements.filter(({ isRepeated }) => isRepeated) ?? []
  return [
    ...code.slice(0, 1).map(lineOf),
    ...repeated.map(
      ({ times, text, durationMs }) =>
        `within it ${times} times ${text}, ${Math.round(durationMs)} ms`,
    ),
    ...calls.map(
      ({ method, url, status, durationMs }) =>
        `within it ${method} ${url}: ${status} after ${Math.round(durationMs)} ms`,
    ),
  ]
}

function lineOf({ file, line, first_line: first, lines }: CrashReport['code'][number]): string {
  return `at ${file}:${line}: ${lines[line - first]?.trim() ?? ''}`
}
