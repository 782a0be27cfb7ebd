import { defineAuditEvent, defineError } from '@fastify-scs/core'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'

// An extension, as anybody may publish one: it needs core, has its own errors and audit events, and knows nothing of the service that uses it.

const MAX_FAILURES = 3

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
  const failures = new Map<string, number>()
  app.decorate('loginGuard', {
    assertAllowed: (request) => {
      if ((failures.get(request.ip) ?? 0) >= MAX_FAILURES) throw rateLimited()
    },
    fail: (request, reason) => {
      failures.set(request.ip, (failures.get(request.ip) ?? 0) + 1)
      attemptFailed(request, { reason })
    },
  } satisfies FastifyInstance['loginGuard'])
}

/** Stops an address that has failed to authenticate too often. */
export const loginGuard: FastifyPluginAsync = fp(plugin, {
  name: 'login-guard',
  fastify: '5.x',
  dependencies: ['@fastify-scs/core'],
})
