import type { ReportKind } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import type { GroupTable } from './group-table.js'
import type { Verdict } from './verdict.js'

/** An occurrence to be counted. */
export interface Seen {
  readonly fingerprint: string
  /** Milliseconds since 1970. */
  readonly nowMs: number
  readonly kind: ReportKind
  /** The request that was affected; undefined outside of one. */
  readonly request: FastifyRequest | undefined
  /** As in `ReportOptions`. */
  readonly occurrences?: number | undefined
  /** Whether its caller does not report it. */
  readonly isUnreported?: boolean | undefined
}

/** Counts an occurrence for this instance only. */
export function countIn(table: GroupTable, seen: Seen): Verdict {
  const { fingerprint, nowMs, occurrences, isUnreported } = seen
  if (isUnreported === true) return table.countUnreported(fingerprint, nowMs)
  return occurrences === undefined
    ? table.count(fingerprint, nowMs)
    : table.countChosen(fingerprint, nowMs, occurrences)
}
