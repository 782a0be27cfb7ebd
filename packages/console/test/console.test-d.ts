import scsConsole, {
  type Authorize,
  type AuthorizeChange,
  type ConsoleErrorCode,
  type ConsoleOptions,
} from '@fastify-scs/console'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { expectTypeOf, it } from 'vitest'

it('options are typed', () => {
  const app = Fastify()
  app.register(scsConsole, {
    prefix: '/_scs',
    authorize: async (request) => request.ip === '127.0.0.1',
    authorizeChange: (request) => request.ip === '127.0.0.1',
    maxConcurrentQueries: 2,
    maxWaitingQueries: 50,
    maxQueryWaitMs: 5_000,
    rateLimit: { max: 600, windowMs: 60_000 },
    maxLiveClients: 50,
  })
  app.register(scsConsole, { authorize: () => true, rateLimit: false })
  // @ts-expect-error nobody is said to be allowed in
  app.register(scsConsole, { prefix: '/_scs' })
  // @ts-expect-error a list of users is no function
  app.register(scsConsole, { authorize: ['ada'] })
  // @ts-expect-error a number alone has no span of time
  app.register(scsConsole, { authorize: () => true, rateLimit: 600 })
  expectTypeOf<ConsoleOptions['authorize']>().toEqualTypeOf<Authorize>()
})

it('authorize may answer by itself, authorizeChange may not', () => {
  expectTypeOf<Authorize>().parameters.toEqualTypeOf<[FastifyRequest, FastifyReply]>()
  expectTypeOf<AuthorizeChange>().parameters.toEqualTypeOf<[FastifyRequest]>()
  const challenge: Authorize = (_request, reply) => reply.code(401).send()
  expectTypeOf(challenge).toExtend<ConsoleOptions['authorize']>()
})

it('its codes are names, not any text', () => {
  expectTypeOf<ConsoleErrorCode>().toEqualTypeOf<
    'SCS_CONSOLE_ERR_ASSETS' | 'SCS_CONSOLE_ERR_AUTHORIZE' | 'SCS_CONSOLE_ERR_OPTIONS'
  >()
})
