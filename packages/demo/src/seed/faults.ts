import type { ReportKind } from '@fastify-scs/core/kit'
import type { CauseReport } from '@fastify-scs/error-reporter'
import type { AuditName } from './audit-record.js'
import type { CallName } from './call-kinds.js'
import type { CallTurn } from './call-record.js'
import type { SeedStatement } from './query-facts.js'
import type { RouteName } from './routes.js'
import type { SeedFrame } from './stack-tree.js'

/** A call that is made before a request fails, or is slow. */
export interface FaultCall extends CallTurn {
  readonly name: CallName
}

/** What went wrong again and again in the week: a group of reports. */
export interface Fault {
  /** Names it among the faults; its fingerprint is made of it. */
  readonly name: string
  readonly kind: ReportKind
  readonly routeName: RouteName
  /** The service that reports it. @default 'orders' */
  readonly service?: string
  readonly errorName: string
  readonly message: string
  readonly code: string | null
  readonly status: number
  readonly errorCode: string
  readonly trace: readonly string[]
  readonly causes?: readonly CauseReport[]
  /** Occurrences of a busy hour, so many hours ago; 0 where it did not occur. */
  perHour(hoursAgo: number): number
  readonly calls?: readonly FaultCall[]
  readonly audit?: AuditName
  /** The statements that the request runs, before its calls. */
  readonly statements?: readonly SeedStatement[]
  /** What the request logs before it fails: level and message. */
  readonly logLines?: readonly (readonly [level: string, message: string])[]
  /** Of a slow, stuck or blocking call: how long it usually takes, in milliseconds. */
  readonly medianMs?: number
  /** Of a call that blocks the event loop: where it does. */
  readonly stack?: SeedFrame
}

/** So many an hour, for the last so many hours. */
export const since = (hours: number, perHour: number) => (hoursAgo: number) =>
  hoursAgo < hours ? perHour : 0
/** So many an hour, between two times in hours before now. */
export const between = (from: number, to: number, perHour: number) => (hoursAgo: number) =>
  hoursAgo <= from && hoursAgo > to ? perHour : 0
