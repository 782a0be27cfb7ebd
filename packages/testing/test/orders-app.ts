import scsPlugin, {
  defineAuditEvent,
  defineError,
  type ScsOptions,
  ServiceError,
} from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import slowCall from '@fastify-scs/slow-call'
import Fastify, { type FastifyInstance } from 'fastify'

export const soldOut = defineError({ code: 409, id: 'orders-sold-out', message: 'Sold out' })

export const orderPlaced = defineAuditEvent({
  type: 'orders-placed',
  level: 'info',
  messageTemplate: 'Order {order} was placed',
})

export class InvalidUserError extends ServiceError {
  static override readonly code = 'INVALID_USER'
  static override readonly status = 401
}

/** A small service; nothing of it is awaited, as in an application that registers and then listens. */
export function ordersApp(options: ScsOptions = {}, reporterOptions = {}): FastifyInstance {
  const app = Fastify({ logger: { level: 'silent' } })
  app.register(scsPlugin, { source: 'orders', audit: false, ...options })
  app.register(errorReporter, { errorReporter: () => undefined, code: false, ...reporterOptions })
  app.register(slowCall, { maxMs: 1_000, stuckAfterMs: 60_000, blockedAfterMs: false })
  app.register(async (orders) => {
    orders.scs.registerError(soldOut)
    orders.scs.registerAuditEvent(orderPlaced)
    orders.post<{ Params: { order: string } }>('/orders/:order', (request, reply) => {
      orderPlaced(request, { order: request.params.order })
      reply.code(201).send({ order: request.params.order })
    })
    orders.get('/sold-out', () => {
      throw soldOut({ details: { left: 0 } })
    })
    orders.get('/user', () => {
      throw new InvalidUserError('Sorry, we do not know you')
    })
    orders.get('/crash', () => {
      throw new TypeError('the basket is no list')
    })
    orders.get('/noted', (request, reply) => {
      request.reportError('The stock was not updated', { data: { order: '7' } })
      reply.send('noted')
    })
  })
  return app
}
