// A service as a strict user writes it: it is compiled for each way of finding modules, and is a part of the workspace's own types too.
import scsPlugin, { abort, defineError, isError, ServiceError } from '@fastify-scs/core'
import { Type } from '@sinclair/typebox'
import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify'

const soldOut = defineError({
  code: 409,
  id: 'orders-sold-out',
  message: 'Only {left} are left',
  details: Type.Object({ left: Type.Integer(), note: Type.Optional(Type.String()) }),
})
const closed = defineError({ code: 403, id: 'orders-closed', message: 'Closed: {why}' })

export class NotPaid extends ServiceError {
  static override readonly code = 'NOT_PAID'
  static override readonly status = 402
}

/** What a plugin of the service takes, in a context of its own. */
interface OrdersOptions {
  readonly max?: number
}

const orders: FastifyPluginAsync<OrdersOptions> = async (child, { max = 1 }) => {
  const late = child.scs.registerError({ code: 410, id: 'orders-gone', message: 'Gone' })
  child.get<{ Params: { id: string } }>(
    '/orders/:id',
    { throws: [soldOut, closed, late, NotPaid, 'auth-rate-limited'] },
    async (request, reply) => {
      request.addAuditEvent('order-read', { order: request.params.id })
      if (max > 1) throw soldOut({ details: { left: max } })
      if (max > 2) throw closed({ params: { why: 'Sunday' }, cause: new Error('x') })
      if (max > 3) throw late()
      if (max > 4) abort(429, { id: 'auth-rate-limited', params: {} })
      // @ts-expect-error the details are missing
      soldOut()
      // @ts-expect-error the params are missing
      closed()
      // @ts-expect-error a number is no error
      child.get('/wrong', { throws: [429] }, () => 'ok')
      const body: unknown = request.body
      if (isError(body)) return reply.code(502).send({ status: body.status })
      return { at: request.timeline()[0]?.at }
    },
  )
}

/** The service; a test starts none. */
export async function build(): Promise<FastifyInstance> {
  const app = Fastify()
  await app.register(scsPlugin, { source: 'orders', audit: false, errorFormat: 'problem' })
  // @ts-expect-error no such format
  app.register(scsPlugin, { errorFormat: 'xml' })
  for (const error of [soldOut, closed]) app.scs.registerError(error)
  await app.register(orders, { max: 2 })
  return app
}
