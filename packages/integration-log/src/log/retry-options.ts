import { nearestHint, shortened, show } from '@fastify-scs/core/kit'
import { FieldError } from '../errors.js'
import type { RetryAllOptions, RetryFilter } from './retry-run.js'

const MAX_CONCURRENCY = 100
const OPTIONS: readonly string[] = ['concurrency', 'onProgress', 'signal']
/** What a run decides itself: to heed them would send other calls again, and to pass over them more than were asked for. */
const OWN_OF_RUN = ['status', 'statusNot', 'direction', 'cursor', 'limit'] as const

/** @throws SCS_INTEGRATION_ERR_FIELD */
export function checkRetryFilter(filter: RetryFilter): void {
  checkObject('filter', filter)
  for (const name of OWN_OF_RUN)
    if ((filter as Readonly<Record<string, unknown>>)[name] !== undefined)
      throw new FieldError(`filter.${name}`, 'none: all failed outbound calls are meant', 'one')
}

/** @throws SCS_INTEGRATION_ERR_FIELD */
export function checkRetryOptions(options: RetryAllOptions): void {
  checkObject('options', options)
  for (const name of Object.keys(options)) if (!OPTIONS.includes(name)) refuseUnknown(name)
  const { concurrency = 1, onProgress, signal } = options
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > MAX_CONCURRENCY)
    fail('concurrency', `a whole number, 1 to ${MAX_CONCURRENCY}`, concurrency)
  if (onProgress !== undefined && typeof onProgress !== 'function')
    fail('onProgress', 'a function', onProgress)
  // Of whichever realm it is.
  if (signal !== undefined && typeof (signal as AbortSignal | null)?.aborted !== 'boolean')
    fail('signal', 'an AbortSignal', signal)
}

function refuseUnknown(name: string): never {
  const hint = nearestHint(name, OPTIONS)
  throw new FieldError(`options.${shortened(name, 60)}`, 'no such field', `one${hint}`)
}

function checkObject(field: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) fail(field, 'an object', value)
}

function fail(field: string, expected: string, found: unknown): never {
  throw new FieldError(field, expected, show(found))
}
