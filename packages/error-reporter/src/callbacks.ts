import type { CallbackFailures } from '@fastify-scs/core/kit'

/** The functions that the options take, and the making of a report itself. */
export type CallbackName = 'ignore' | 'beforeReport' | 'fingerprint' | 'reportUser' | 'build'

export const CALLBACK_NAMES: readonly CallbackName[] = [
  'ignore',
  'beforeReport',
  'fingerprint',
  'reportUser',
  'build',
]

/** Where failures of these functions are logged and counted. */
export type ReporterCallbackFailures = CallbackFailures<CallbackName>
