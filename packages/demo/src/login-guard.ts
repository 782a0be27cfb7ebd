import { defineAuditEvent, defineError } from '@fastify-scs/core'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'

// An extension, as anybody may publish one: it needs core, has its own errors and audit events, and knows nothing of the service that uses it.

const MAX_FAILURES = 3
/** How long an address is stopped: short, since whoever tries the demo has the address that its script has. */
const STOPPED_MS = 5_000

const rateLimited = defineError({
  code: 429,
  id: 'login-guard-rate-limited',
  message: 'Too many false authentication attempts from this address',
})

const attemptFailed = defineAuditEvent({
  type: 'login-guard-attempt-failed',
  level: 'WARN',
  messageTemplate: 'A false authentication attempt came from {ip}: {reason}',
})

const plugin: FastifyPluginAsync = async (app) => {
  app.scs.registerError(rateLimited)
  // A child context may have an app.scs of its own; in the others the same definition is registered again, which changes nothing.
  app.addHook('onRegister', (instance) => {
    instance.scs.registerAuditEvent(attemptFailed)
  })
  const failures = new Map<string, { readonly count: number; readonly lastAt: number }>()
  const failuresOf = (ip: string): number => {
    const { count, lastAt } = failures.get(ip) ?? { count: 0, lastAt: 0 }
    return performance.now() - lastAt < STOPPED_MS ? count : 0
  }
  app.decorate('loginGuard', {
    assertAllowed: (request) => {
      if (failuresOf(request.ip) >= MAX_FAILURES) throw rateLimited()
    },
    fail: (request, reason) => {
      failures.set(request.ip, { count: failuresOf(request.ip) + 1, lastAt: performance.now() })
      attemptFailed(request, { reason })
    },
  } satisfies FastifyInstance['loginGuard'])
}

/** Stops an address for some seconds that has failed to authenticate too often. */
export const loginGuard: FastifyPluginAsync = fp(plugin, {
  name: 'login-guard',
  fastify: '5.x',
  dependencies: ['@fastify-scs/core'],
})
