import './augment.js'
import { type CodeOf, catalogOf, type ErrorCatalog } from '@fastify-scs/core/kit'
import * as errors from './errors.js'

export type { DurationBucket, DurationSummary } from '@fastify-scs/core/kit'
export type { BlockedListener } from './blocked/blocked-delivery.js'
export type { BlockedReport, OpenCall, StackNode } from './blocked/blocked-report.js'
export type { BlockedStats } from './blocked/blocked-watch.js'
export type { PhaseName, Phases } from './call.js'
export type { DeliveryStats } from './delivery.js'
export type { OutboundFigures, QueryFigures } from './fact-figures.js'
export type { RouteSlowCall } from './limits.js'
export type { MetricsAuthorizer, SlowCallListener, SlowCallOptions } from './options.js'
export { default, type SlowCall, type SlowCallStats } from './plugin.js'
export type { EventLoopFigures, GcFigures } from './process-figures.js'
export type { SlowCallKind, SlowCallReport } from './report.js'
export type { RouteStats } from './watched-route.js'

/** The codes of the errors that this package throws at a developer. */
export type SlowCallErrorCode = CodeOf<typeof errors>

/** Every error that this package throws at a developer, by code. */
export const errorCatalog: ErrorCatalog<SlowCallErrorCode> = catalogOf(errors)
