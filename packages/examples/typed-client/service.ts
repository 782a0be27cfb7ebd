// A service that documents its errors: OpenAPI has them, by their ids.
import swagger from '@fastify/swagger'
import { Type } from '@sinclair/typebox'
import Fastify, { type FastifyInstance } from 'fastify'
import fastifyScs, { defineError, type FastifyScsOptions } from 'fastify-scs'

export const soldOut = defineError({
  code: 409,
  id: 'tickets-sold-out',
  message: 'Only {left} tickets are left',
  details: Type.Object({ left: Type.Integer() }),
})
export const unknownEvent = defineError({
  code: 404,
  id: 'tickets-unknown-event',
  message: 'There is no such event',
})

/** What clients import, as a type only: none of this file is in their bundle. */
export const errors = [soldOut, unknownEvent] as const

export async function buildService(options: FastifyScsOptions = {}): Promise<FastifyInstance> {
  const app = Fastify()
  await app.register(fastifyScs, { source: 'tickets', ...options })
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Tickets', version: '1.0.0' } },
  })
  for (const error of errors) app.scs.registerError(error)
  app.post<{ Params: { event: string } }>(
    '/events/:event/tickets',
    { throws: [...errors] },
    async ({ params: { event } }) => {
      if (event !== 'opera') throw unknownEvent()
      throw soldOut({ details: { left: 0 } })
    },
  )
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  return app
}
