import { AsyncLocalStorage } from 'node:async_hooks'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/*
 * A storage for the whole process is no shared state: each asynchronous context holds its own value, and two apps do not see
 * each other's. These have to be at module level, because they are asked by code that knows no app.
 */
export const requests: AsyncLocalStorage<FastifyRequest | undefined> = new AsyncLocalStorage()
const ownCalls = new AsyncLocalStorage<true>()

/** The request that the running code belongs to; undefined outside of one, or without `context: true`. */
export function currentRequest(): FastifyRequest | undefined {
  return requests.getStore()
}

/** Goes on in the asynchronous context of a request; once is enough, since Fastify keeps to it behind a body's events. */
export function runInRequestContext(request: FastifyRequest, next: () => void): void {
  if (requests.getStore() === request) next()
  else requests.run(request, next)
}

/**
 * Calls something as code of a request, or of none: for a driver's callback, which Node runs in the asynchronous context of whoever
 * has opened the connection or has given it back. No other storage of the application changes.
 */
export function runForRequest<Args extends unknown[], Result>(
  request: FastifyRequest | undefined,
  run: (...args: Args) => Result,
  ...args: Args
): Result {
  return requests.getStore() === request ? run(...args) : requests.run(request, run, ...args)
}

/**
 * Makes `currentRequest` work for the requests of a Fastify context: in every hook that is added later, the handler, and what
 * they call. The option `context: true` does it; a plugin that needs it may ask for it again.
 */
export function keepRequestContext(app: FastifyInstance): void {
  if (app.scs.lifecycle.isOf(app)) app.scs.lifecycle.keepContext()
  else app.addHook('onRequest', (request, _reply, done) => runInRequestContext(request, done))
}

/** Runs something whose outbound calls are a plugin's own (a reporter's, a store's): they are not logged as the application's. */
export function runAsOwnCall<Result>(run: () => Result): Result {
  return ownCalls.run(true, run)
}

/** Whether the running code is part of a plugin's own outbound call. */
export function isOwnCall(): boolean {
  return ownCalls.getStore() === true
}
