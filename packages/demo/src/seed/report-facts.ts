import type { GroupState, QueriesFact, StoreRecord } from '@fastify-scs/core/kit'
import type { Fault } from './faults.js'
import type { RequestFacts } from './request-facts.js'

/** What a report is made of. */
export interface ReportFacts {
  readonly fault: Fault
  readonly request: RequestFacts
  readonly group: GroupState
  /** When it ended, in milliseconds since 1970. */
  readonly endAt: number
  /** The records of its request until then. */
  readonly records: readonly StoreRecord[]
  /** Undefined when it ran none. */
  readonly queries: QueriesFact | undefined
}
