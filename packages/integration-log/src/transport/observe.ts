import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type CallRecorder, type FailureListener, quietly } from '../call.js'
import type { ResolvedOptions } from '../options.js'
import { serviceFinder } from '../service-options.js'
import { ObservedHttp } from './observed-http.js'
import { ObservedUndici } from './observed-undici.js'

/**
 * Records all other outbound calls of the process: what the diagnostics channels of undici and of node:http tell. A call to the
 * origin of a declared service is that service's.
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

/** What listens to a channel, by its name. A channel that this Node does not have stays silent. */
export type ChannelListeners<Message> = Readonly<Record<string, (message: Message) => unknown>>

/**
 * Listens to diagnostics channels. What a listener throws would end the process, so it goes to `onFailure`.
 *
 * @returns Ends the listening.
 */
export function listen<Message>(
  listeners: ChannelListeners<Message>,
  onFailure: FailureListener,
): () => void {
  const guarded = Object.entries(listeners).map(([channel, listener]) => {
    const hear = (message: unknown): void => {
      try {
        // The channel's publisher vouches for the form of its messages.
        listener(message as Message)
      } catch (error) {
        onFailure(error)
      }
    }
    return [channel, hear] as const
  })
  for (const [channel, hear] of guarded) subscribe(channel, hear)
  return () => {
    for (const [channel, hear] of guarded) unsubscribe(channel, hear)
  }
}
