import type { Store } from '@fastify-scs/store'
import type { FastifyInstance } from 'fastify'
import type { Guard } from '../access/guard.js'
import type { AuditTrail } from '../audit.js'
import type { Downloads } from '../export/downloads.js'
import type { ConsoleFailures } from '../failures.js'
import type { LiveHub } from '../live/live-hub.js'
import type { QueryGate } from '../query/query-gate.js'
import type { RecordPager } from '../query/record-pager.js'

/** What the API is made of. */
export interface ApiParts {
  readonly app: FastifyInstance
  readonly store: Store
  readonly guard: Guard
  readonly gate: QueryGate
  readonly pager: RecordPager
  readonly audit: AuditTrail
  readonly live: LiveHub
  readonly downloads: Downloads
  readonly failures: ConsoleFailures
}

/** Runs a query of the store in its turn. */
export type Read = <Result>(query: (store: Store) => Promise<Result>) => Promise<Result>
