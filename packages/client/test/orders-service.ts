import scsPlugin, { defineError, type ErrorFormatName, ServiceError } from '@fastify-scs/core'
import { Type } from '@sinclair/typebox'
import Fastify, { type FastifyInstance } from 'fastify'

/** The errors of a service, as its own module exports them. */
export const soldOut = defineError({
  code: 409,
  id: 'orders-sold-out',
  message: 'Only {left} are left',
  details: Type.Object({ left: Type.Integer() }),
})
export const closed = defineError({ code: 403, id: 'orders-closed', message: 'Closed: {why}' })
export class NotPaid extends ServiceError {
  static override readonly code = 'ORDER_NOT_PAID'
  static override readonly status = 402
}

/** A service that answers with these errors, in one of the formats; `before` registers what has to come before the routes. */
export async function ordersService(
  errorFormat: ErrorFormatName,
  before: (app: FastifyInstance) => unknown = () => undefined,
): Promise<FastifyInstance> {
  const app = Fastify()
  await app.register(scsPlugin, { audit: false, errorFormat })
  await before(app)
  for (const error of [soldOut, closed]) app.scs.registerError(error)
  app.get('/sold-out', () => {
    throw soldOut({ details: { left: 2 } })
  })
  app.get('/closed', () => {
    throw closed({ params: { why: 'Sunday' } })
  })
  app.get('/not-paid', () => {
    throw new NotPaid('Please pay first', { description: 'no payment', errorId: 'abc-1' })
  })
  app.get('/broken', () => {
    throw new Error('secret')
  })
  app.get('/fine', () => ({ id: '7', status: 'open' }))
  const querystring = Type.Object({ page: Type.Integer() })
  app.get('/pages', { schema: { querystring } }, () => 'ok')
  return app
}
