import { type CodeOf, catalogOf, type ErrorCatalog } from '@fastify-scs/core/kit'
import * as errors from './errors.js'

export {
  type AuditTrailView,
  auditTrail,
  type SeenAuditEvent,
  type WantedEvent,
} from './audit-trail.js'
export {
  type ExpectedError,
  expectError,
  type FoundError,
  type InjectedResponse,
} from './expect-error.js'
export { type FakeClock, type FakeClockOptions, fakeClock } from './fake-clock.js'
export type { TestedApp } from './follow.js'
export { type OutboundCall, type OutboundView, outbound } from './outbound.js'
export { type ReportView, reports, type SeenReport, type SeenReportKind } from './reports.js'
export type { WaitOptions, Wanted } from './view.js'

/** The codes of the errors that this package throws. */
export type TestingErrorCode = CodeOf<typeof errors>

/** Every error that this package throws, by code. */
export const errorCatalog: ErrorCatalog<TestingErrorCode> = catalogOf(errors)
