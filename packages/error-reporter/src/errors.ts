import { coded } from '@fastify-scs/core/kit'

/** An option has a wrong value: its path, what was expected, what was found. */
export const OptionsError = coded(
  'SCS_REPORTER_ERR_OPTIONS',
  'Option %s: expected %s, got %s',
  'Correct the option; its path and what was expected are in the message.',
)

/** The plugin was registered a second time. */
export const AlreadyRegisteredError = coded(
  'SCS_REPORTER_ERR_ALREADY_REGISTERED',
  'The plugin @fastify-scs/error-reporter is already registered in this context or one above it',
  'Register it once, in the context where @fastify-scs/core is registered.',
)

/** A report file cannot be opened at start-up: its path and the reason. */
export const ReportFileError = coded(
  'SCS_REPORTER_ERR_FILE',
  'The report file %s cannot be opened: %s',
  'Create its folder and make it writable for the process.',
)

/** A reporter took longer than `delivery.timeoutMs`. */
export const ReporterTimeoutError = coded(
  'SCS_REPORTER_ERR_TIMEOUT',
  'The reporter did not finish within %s ms',
  'Find out why it is slow, or raise delivery.timeoutMs.',
)

/** A receiver answered a report with another status than 2xx: its host and the status. */
export const ReceiverAnswerError = coded(
  'SCS_REPORTER_ERR_ANSWER',
  '%s answered %s',
  'Look at the receiver; a 4xx is not tried again, except 408 and 429.',
)

/** The store took longer than `storeTimeoutMs` to say whether a report is due. */
export const StoreTimeoutError = coded(
  'SCS_REPORTER_ERR_STORE_TIMEOUT',
  'The store did not answer within %s ms',
  'Find out why the store is slow, or raise storeTimeoutMs; meanwhile each instance counts for itself.',
)
