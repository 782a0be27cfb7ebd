import { setImmediate, setTimeout } from 'node:timers/promises'
import { abort, defineAuditEvent, defineError } from '@fastify-scs/core'
import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsync } from 'fastify'
import type { OrderDatabase } from './order-database.js'

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

/** What the statements find. */
interface OrderRow {
  readonly id: number
}
interface RevenueRow {
  readonly total: number
}

/** The routes of orders and of the stock. */
export const orders: FastifyPluginAsync<{ readonly database: OrderDatabase }> = async (
  app,
  { database },
) => {
  app.scs.registerError(soldOut)
  app.scs.registerAuditEvent(ordered)
  app.scs.registerException({
    exceptionClass: StockUnreachable,
    id: 'orders-stock-unreachable',
    message: 'The stock cannot be read at the moment',
  })
  const newestOrders = database.prepare(
    'SELECT id FROM orders WHERE customer = ? ORDER BY id DESC LIMIT 2',
  )
  const allOrders = database.prepare('SELECT id FROM orders WHERE customer = ? ORDER BY id')
  const linesOfOrder = database.prepare(
    'SELECT article, amount FROM order_lines WHERE order_id = ?',
  )
  const stockOf = database.prepare('SELECT available FROM stock WHERE article = ?')
  const takeStock = database.prepare('UPDATE stock SET available = available - ? WHERE article = ?')
  const addOrder = database.prepare('INSERT INTO orders (customer) VALUES (?)')
  const addLine = database.prepare(
    'INSERT INTO order_lines (order_id, article, amount) VALUES (?, ?, ?)',
  )
  const revenueOf = database.prepare(
    'SELECT SUM(amount) AS total FROM order_lines WHERE article = ?',
  )

  app.get('/orders', async ({ user }) => ({ orders: newestOrders.all(user?.id ?? '') }))

  // The lines of each order by a query of its own: one with a JOIN would do.
  app.get('/orders/with-lines', { slowCall: { maxMs: 50 } }, async (request) => {
    const found = allOrders.all(request.user?.id ?? '') as OrderRow[]
    request.log.info(`Listing ${found.length} orders with their lines`)
    let lines = 0
    for (const { id } of found) {
      lines += linesOfOrder.all(id).length
      // As with a database that is asked over a connection, others have their turns.
      await setImmediate()
    }
    return { orders: found.length, lines }
  })

  app.post<{ Body: OrderBody }>(
    '/orders',
    { schema: { body: Order }, throws: [soldOut, 'orders-stock-unreachable'] },
    async (request, reply) => {
      const { article, amount } = request.body
      const found = stockOf.get(article) as { readonly available: number } | undefined
      const left = found?.available ?? 0
      if (left < amount) throw soldOut({ details: { article, left } })
      takeStock.run(amount, article)
      const id = Number(addOrder.run(request.user?.id ?? '').lastInsertRowid)
      addLine.run(id, article, amount)
      ordered(request, { article, amount })
      return reply.code(201).send({ id, article, amount })
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

  app.get('/report', async (request) => {
    request.log.info('Summing up what was sold of cocoa')
    const { total } = revenueOf.get('cocoa') as RevenueRow
    // The sum of no lines is null, which the type does not say.
    return { cocoa: total.toFixed(2) }
  })
}
