import { AuthInvalidTokenError, AuthMissingHeaderError } from '@fastify-scs/core'
import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyRequest {
    user: { readonly id: string } | null
  }
  interface FastifyInstance {
    readonly loginGuard: {
      assertAllowed(request: FastifyRequest): void
      fail(request: FastifyRequest, reason: string): void
    }
  }
}

const USERS = new Map([
  ['token-of-ann', 'ann'],
  ['token-of-bob', 'bob'],
])

const plugin: FastifyPluginAsync = async (app) => {
  app.decorateRequest('user', null)
  app.addHook('onRequest', async (request) => {
    app.loginGuard.assertAllowed(request)
    const header = request.headers.authorization
    if (header === undefined) throw new AuthMissingHeaderError('Please log in')
    const id = USERS.get(header.replace(/^Bearer /, ''))
    if (id === undefined) {
      app.loginGuard.fail(request, 'unknown token')
      throw new AuthInvalidTokenError('Please log in again', { description: 'Unknown token' })
    }
    request.user = { id }
  })
}

/** Sets `request.user` from a bearer token, or answers 401. */
export const authentication: FastifyPluginAsync = fp(plugin, {
  name: 'authentication',
  dependencies: ['login-guard'],
})
