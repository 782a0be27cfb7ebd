import type { Scs } from '@fastify-scs/core'
import { show } from '@fastify-scs/core/kit'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { NoCoreError, NotAnAppError } from './errors.js'

/** The part of an app that the helpers need; every Fastify instance has it, whatever its server, logger and type provider are. */
export type TestedApp = Pick<FastifyInstance, 'hasDecorator' | 'scs'>

/** What an app does, as soon as it has core. */
export interface Followed {
  /** Resolves when all that has happened in the app so far has been seen. */
  settled(): Promise<void>
  /** Sees nothing more. */
  end(): void
}

/**
 * Begins to follow an app: at once where core is registered; otherwise when the plugins are loaded that were registered before this call.
 *
 * @param begin subscribes, and returns what ends that
 * @throws SCS_TESTING_ERR_APP; SCS_TESTING_ERR_NO_CORE, where the app is not ready yet by its `ready()`
 */
export function follow(helper: string, app: TestedApp, begin: (scs: Scs) => () => void): Followed {
  if (typeof (app as Partial<TestedApp> | undefined)?.hasDecorator !== 'function') {
    throw new NotAnAppError(helper, app instanceof Promise ? 'a promise' : show(app))
  }
  let scs: Scs | undefined
  let endIt: (() => void) | undefined
  let hasEnded = false
  const start = (found: TestedApp): void => {
    if (!found.hasDecorator('scs')) throw new NoCoreError(helper)
    scs = found.scs
    if (!hasEnded) endIt = begin(scs)
  }
  if (app.hasDecorator('scs')) start(app)
  else whenLoaded(helper, app as FastifyInstance, start)
  return {
    settled: async () => {
      // What a hook does after the answer has left.
      await turn()
      await scs?.records.settled()
    },
    end: () => {
      hasEnded = true
      endIt?.()
    },
  }
}

function whenLoaded(helper: string, app: FastifyInstance, start: (app: TestedApp) => void): void {
  const plugin: FastifyPluginAsync = async (instance) => start(instance)
  try {
    app.register(fp(plugin, { name: `@fastify-scs/testing-${helper}` }))
  } catch (cause) {
    // The app is ready, and nothing can be registered any more.
    throw new NoCoreError(helper, { cause })
  }
}

/** The next turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => void realTimers.setImmediate(resolve))
}

/** The timers as they were when this module was loaded, for waits that a faked clock must not stop. */
export const realTimers: Pick<typeof globalThis, 'setImmediate' | 'setTimeout' | 'clearTimeout'> = {
  setImmediate,
  setTimeout,
  clearTimeout,
}
