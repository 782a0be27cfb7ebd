import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FailureListener } from '../call.js'

/** Listeners by the names of their channels. One for a channel that this Node lacks is never called. */
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
        // The channel's publisher defines the form of its messages.
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
