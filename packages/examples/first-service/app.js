// A service that sells tickets: what can go wrong in it has a name.
import Fastify from 'fastify'
import fastifyScs, { defineAuditEvent, defineError } from 'fastify-scs'

export const soldOut = defineError({
  code: 409,
  id: 'tickets-sold-out',
  message: 'Only {left} tickets are left',
})

export const sold = defineAuditEvent({
  type: 'tickets-sold',
  level: 'INFO',
  messageTemplate: "{count} tickets were sold to '{user}'",
})

const sellSchema = {
  body: {
    type: 'object',
    required: ['count'],
    properties: { count: { type: 'integer', minimum: 1 } },
  },
}

/** @param {import('fastify-scs').FastifyScsOptions} [options] beside those of production: a test's own store */
export async function buildApp(options = {}) {
  const app = Fastify()
  await app.register(fastifyScs, {
    source: 'tickets',
    user: (request) => request.headers['x-user']?.toString(),
    ...options,
  })
  app.scs.registerError(soldOut)
  app.scs.registerAuditEvent(sold)

  let left = 3
  app.post('/tickets', { schema: sellSchema, throws: [soldOut] }, async (request, reply) => {
    const { count } = /** @type {{ count: number }} */ (request.body)
    if (count > left) throw soldOut({ params: { left } })
    left -= count
    sold(request, { count })
    return reply.code(201).send({ count, left })
  })

  // A mistake: nobody has thought of a seat that does not exist.
  /** @type {Map<string, { row: number }>} */
  const seats = new Map([['a1', { row: 1 }]])
  app.get('/seats/:name', async (request) => {
    const { name } = /** @type {{ name: string }} */ (request.params)
    // @ts-expect-error the compiler has seen it
    return { row: seats.get(name).row }
  })
  return app
}
