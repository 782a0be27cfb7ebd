import './augment.js'

export type { CallbackName } from './callbacks.js'
export type { LaneStats } from './delivery/reporter-queue.js'
export { errorCatalog, type ReporterErrorCode } from './errors.js'
export type { ErrorReporterHandle, ErrorReporterStats } from './handle.js'
export type { DeliveryOptions, ErrorReporterOptions, IgnoreOptions } from './options.js'
export { default } from './plugin.js'
export type {
  CauseReport,
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
export { type EmailOptions, emailReporter, type MailTransport } from './reporters/email.js'
export { type FileOptions, fileReporter } from './reporters/file.js'
export { logReporter } from './reporters/log.js'
export type { Delivery, ErrorReporter, RetryAdvice, SyncReporter } from './reporters/reporter.js'
export { type SlackOptions, slackReporter } from './reporters/slack.js'
export { type WebhookOptions, webhookReporter } from './reporters/webhook.js'
