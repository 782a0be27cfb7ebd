import { AsyncLocalStorage } from 'node:async_hooks'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/*
 * One storage for the process is no shared state: every asynchronous context has its own request in it, and two
 * apps put in their own. It has to live here, because `currentRequest` is called by code that knows no app.
 */
const storage = new AsyncLocalStorage<FastifyRequest>()

/** The request that the running code belongs to; undefined outside of one, or without `context: true`. */
export function currentRequest(): FastifyRequest | undefined {
  return storage.getStore()
}

/**
 * Makes `currentRequest` work for the requests of a context: in every hook that is added later, the handler, and what they
 * call. What core's `context: true` does; a plugin that needs it may ask for it again.
 */
export function keepRequestContext(app: FastifyInstance): void {
  // Once is enough: Fastify goes on in this context behind the events that a body arrives by.
  app.addHook('onRequest', (request, _reply, done) => {
    if (storage.getStore() === request) done()
    else storage.run(request, done)
  })
}
