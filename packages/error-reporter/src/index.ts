import './augment.js'
import { type CodeOf, catalogOf, type ErrorCatalog } from '@fastify-scs/core/kit'
import * as errors from './errors.js'

export type { CodeStats } from './code/code-queue.js'
export type { QueueStats as LaneStats } from './delivery/reporter-queue.js'
export type {
  CallbackName,
  DeliveryOptions,
  ErrorReporterOptions,
  IgnoreOptions,
} from './options.js'
export { default, type ErrorReporterHandle, type ErrorReporterStats } from './plugin.js'
export type {
  CauseReport,
  CodeReport,
  CrashReport,
  GroupReport,
  PartReport,
  RequestReport,
  ResponseReport,
  ServerReport,
  UserReport,
} from './report/crash-report.js'
export type { ReportOptions, RequestReportOptions } from './report/report-options.js'
export type { ReportUser, ReportUserFinder } from './report/report-user.js'
export type { StoredReport } from './report/stored-report.js'
export { type EmailOptions, emailReporter, type MailTransport } from './reporters/email.js'
export { type FileOptions, fileReporter } from './reporters/file.js'
export { logReporter } from './reporters/log.js'
export type { Delivery, ErrorReporter, RetryAdvice, SyncReporter } from './reporters/reporter.js'
export { type SlackOptions, slackReporter } from './reporters/slack.js'
export { type WebhookOptions, webhookReporter } from './reporters/webhook.js'

/** The codes of the errors that this package throws or logs. */
export type ReporterErrorCode = CodeOf<typeof errors>

/** Every error that this package throws or logs, by code. */
export const errorCatalog: ErrorCatalog<ReporterErrorCode> = catalogOf(errors)
