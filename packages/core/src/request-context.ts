import { AsyncLocalStorage } from 'node:async_hooks'
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HookHandlerDoneFunction,
} from 'fastify'

/*
 * One storage for the process is no shared state: every asynchronous context has its own request in it, and two
 * apps put in their own. It has to live here, because `currentRequest` is called by code that knows no app.
 */
const storage = new AsyncLocalStorage<FastifyRequest>()

/** The request that the running code belongs to; undefined outside of one, or without `context: true`. */
export function currentRequest(): FastifyRequest | undefined {
  return storage.getStore()
}

/** Keeps the request at hand for everything that its hooks and its handler call. */
export function keepRequestContext(app: FastifyInstance): void {
  const enter = (
    request: FastifyRequest,
    _reply: FastifyReply,
    done: HookHandlerDoneFunction,
  ): void => {
    storage.run(request, done)
  }
  app.addHook('onRequest', enter)
  // A body arrives by events of the socket, which belong to no request: enter again behind the parser.
  app.addHook('preValidation', enter)
}
