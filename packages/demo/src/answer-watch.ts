import { EventEmitter, once } from 'node:events'
import type { FastifyInstance } from 'fastify'

/** Tells when a service has nothing left to do for the requests it was sent. */
export interface AnswerWatch {
  /** Resolves when every request that has arrived has run its onResponse hooks. */
  settled(): Promise<void>
}

/** Counts the requests that are in hand. A client may have its answer before the hooks after it have run. */
export function watchAnswers(app: FastifyInstance): AnswerWatch {
  const events = new EventEmitter()
  let inHand = 0
  app.addHook('onRequest', (_request, _reply, done) => {
    inHand++
    done()
  })
  app.addHook('onResponse', (_request, _reply, done) => {
    inHand--
    events.emit('response')
    done()
  })
  return {
    settled: async () => {
      while (inHand > 0) await once(events, 'response')
    },
  }
}
