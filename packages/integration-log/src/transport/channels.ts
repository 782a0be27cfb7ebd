import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FailureListener } from './failure-listener.js'

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
