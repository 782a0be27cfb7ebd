import createError, { type FastifyErrorConstructor } from '@fastify/error'
import type { CodedError } from '@fastify-scs/core'

/** The codes of the errors that this package throws or logs. */
export type ReporterErrorCode =
  | 'SCS_REPORTER_ERR_OPTIONS'
  | 'SCS_REPORTER_ERR_ALREADY_REGISTERED'
  | 'SCS_REPORTER_ERR_FILE'
  | 'SCS_REPORTER_ERR_TIMEOUT'
  | 'SCS_REPORTER_ERR_ANSWER'
  | 'SCS_REPORTER_ERR_STORE_TIMEOUT'

/** Every error that this package throws or logs, by code. */
export const errorCatalog: Readonly<Record<ReporterErrorCode, CodedError>> = {
  SCS_REPORTER_ERR_OPTIONS: {
    message: 'Option %s: expected %s, got %s',
    fix: 'Correct the option; its path and what was expected are in the message.',
  },
  SCS_REPORTER_ERR_ALREADY_REGISTERED: {
    message:
      'The plugin @fastify-scs/error-reporter is already registered in this context or one above it',
    fix: 'Register it once, in the context where @fastify-scs/core is registered.',
  },
  SCS_REPORTER_ERR_FILE: {
    message: 'The report file %s cannot be opened: %s',
    fix: 'Create its folder and make it writable for the process.',
  },
  SCS_REPORTER_ERR_TIMEOUT: {
    message: 'The reporter did not finish within %s ms',
    fix: 'Find out why it is slow, or raise delivery.timeoutMs.',
  },
  SCS_REPORTER_ERR_ANSWER: {
    message: '%s answered %s',
    fix: 'Look at the receiver; a 4xx (but 408 and 429) is not tried again.',
  },
  SCS_REPORTER_ERR_STORE_TIMEOUT: {
    message: 'The store did not answer within %s ms',
    fix: 'Find out why the store is slow, or raise storeTimeoutMs; meanwhile each instance counts for itself.',
  },
}

function coded<C extends ReporterErrorCode, Args extends unknown[]>(
  code: C,
): FastifyErrorConstructor<{ code: C }, Args> {
  return createError<C, Args>(code, errorCatalog[code].message, 500)
}

/** An option has a wrong value: its path, what was expected, what was found. */
export const OptionsError: FastifyErrorConstructor<
  { code: 'SCS_REPORTER_ERR_OPTIONS' },
  [path: string, expected: string, found: string]
> = coded('SCS_REPORTER_ERR_OPTIONS')

/** The plugin was registered a second time. */
export const AlreadyRegisteredError: FastifyErrorConstructor<
  { code: 'SCS_REPORTER_ERR_ALREADY_REGISTERED' },
  []
> = coded('SCS_REPORTER_ERR_ALREADY_REGISTERED')

/** A report file cannot be opened at start-up. */
export const ReportFileError: FastifyErrorConstructor<
  { code: 'SCS_REPORTER_ERR_FILE' },
  [path: string, reason: string]
> = coded('SCS_REPORTER_ERR_FILE')

/** A reporter took too long. */
export const ReporterTimeoutError: FastifyErrorConstructor<
  { code: 'SCS_REPORTER_ERR_TIMEOUT' },
  [timeoutMs: number]
> = coded('SCS_REPORTER_ERR_TIMEOUT')

/** A receiver refused a report: who, and with which status. */
export const ReceiverAnswerError: FastifyErrorConstructor<
  { code: 'SCS_REPORTER_ERR_ANSWER' },
  [receiver: string, status: number]
> = coded('SCS_REPORTER_ERR_ANSWER')

/** The store took too long to say whether a report is due. */
export const StoreTimeoutError: FastifyErrorConstructor<
  { code: 'SCS_REPORTER_ERR_STORE_TIMEOUT' },
  [timeoutMs: number]
> = coded('SCS_REPORTER_ERR_STORE_TIMEOUT')
