/** How often the functions that the application gave to core have failed. */
export interface CallbackFailures {
  errorFormat: number
  errorDecorator: number
  user: number
  auditListener: number
}

/** The counts of an app that starts. */
export function noCallbackFailures(): CallbackFailures {
  return { errorFormat: 0, errorDecorator: 0, user: 0, auditListener: 0 }
}
