import { type CallRecorder, type FailureListener, quietly } from '../call.js'
import type { ResolvedOptions } from '../options.js'
import { serviceFinder } from '../service-options.js'
import { listen } from './channels.js'
import { ObservedHttp } from './observed-http.js'
import { ObservedUndici } from './observed-undici.js'

/**
 * Records all other outbound calls of the process, from the diagnostics channels of undici and node:http. A call to the
 * origin of a declared service is recorded under that service.
 *
 * @param options Stands for the app: what its services record is left out.
 * @returns Ends the listening.
 */
export function observeCalls(
  recorder: CallRecorder,
  options: ResolvedOptions,
  onFailure: FailureListener,
): () => void {
  const fail = quietly(onFailure)
  const serviceAt = serviceFinder(options)
  const undici = new ObservedUndici(recorder, options, serviceAt, fail)
  const http = new ObservedHttp(recorder, serviceAt, fail)
  const ends = [listen(undici.listeners(), fail), listen(http.listeners(), fail)]
  return () => {
    for (const end of ends) end()
  }
}
