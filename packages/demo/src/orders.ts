import { setTimeout } from 'node:timers/promises'
import { abort, defineAuditEvent, defineError, ServiceError } from '@fastify-scs/core'
import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsync } from 'fastify'

/** Thrown when the stock cannot be read; the client must not see why. */
class StockUnreachable extends Error {}

const soldOut = defineError({ code: 409, id: 'orders-sold-out', message: 'This is sold out' })

const ordered = defineAuditEvent({
  type: 'orders-ordered',
  level: 'INFO',
  messageTemplate: "User '{user}' has ordered {amount} of {article}",
})

const Order = Type.Object(
  { article: Type.String({ minLength: 1 }), amount: Type.Integer({ minimum: 1, maximum: 10 }) },
  { additionalProperties: false },
)

interface OrderBody {
  readonly article: string
  readonly amount: number
}

/** The routes of orders and of the stock. */
export const orders: FastifyPluginAsync = async (app) => {
  app.scs.registerError(soldOut)
  app.scs.registerAuditEvent(ordered)
  app.scs.registerException({
    exceptionClass: StockUnreachable,
    id: 'orders-stock-unreachable',
    message: 'The stock cannot be read at the moment',
  })
  const stock = new Map([
    ['tea', 3],
    ['coffee', 0],
  ])

  app.get('/orders', async () => ({ orders: [{ id: 1, article: 'tea', amount: 1 }] }))

  app.post<{ Body: OrderBody }>(
    '/orders',
    { schema: { body: Order }, throws: [soldOut, 'orders-stock-unreachable'] },
    async (request, reply) => {
      const { article, amount } = request.body
      const left = stock.get(article) ?? 0
      if (left < amount) throw soldOut({ details: { article, left } })
      stock.set(article, left - amount)
      ordered(request, { article, amount })
      return reply.code(201).send({ id: 2, article, amount })
    },
  )

  app.delete('/orders/:id', async () => abort(403))

  app.get('/stock', async () => {
    throw new StockUnreachable('connect postgres://stock:hunter2@10.0.0.7/stock refused')
  })

  app.get('/health', async (_request, reply) => reply.code(503).send({ status: 'starting' }))

  app.get('/export', { slowCall: { maxMs: 50 } }, async () => {
    await setTimeout(120)
    return { exported: 1 }
  })

  app.get('/report', async () => {
    const report: { total?: { value: number } } = {}
    return report.total?.value.toFixed(2) ?? JSON.parse('not a report')
  })
}

/** The route that calls the customers service. */
export const customers: FastifyPluginAsync = async (app) => {
  app.get<{ Params: { id: string } }>('/orders/:id/customer', async (request) => {
    const { id } = request.params
    const service = request.integrations.service('customers')
    const answer = await service.fetch(`/orders/${encodeURIComponent(id)}/customer`)
    // Its error is passed on to our client unchanged, with the id of the report that was made there.
    if (!answer.ok) throw await ServiceError.from(answer)
    return answer.json()
  })
}
