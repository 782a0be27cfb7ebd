// Routes whose types come from a type provider, TypeBox's or Zod's, have our options and decorators as well.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { defineError } from '@fastify-scs/core'
import { Type as Details } from '@sinclair/typebox'
import Fastify, { type FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { Type } from 'typebox'
import { z } from 'zod'

const soldOut = defineError({
  code: 409,
  id: 'orders-sold-out',
  message: 'Only {left} are left',
  // The details of an error are a schema of @sinclair/typebox, also beside TypeBox 1.
  details: Details.Object({ left: Details.Integer() }),
})

/** Declares a route with each provider. */
export function declare(app: FastifyInstance = Fastify()): void {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const params = Type.Object({ id: Type.Integer() })
  typed.get('/typebox/:id', { schema: { params }, throws: [soldOut] }, (request) => {
    const id: number = request.params.id
    request.addAuditEvent('read', { id })
    request.server.scs.addAuditEvent('read', { id })
    throw soldOut({ details: { left: id } })
  })
  typed.scs.registerError(soldOut)
  const zod = app.withTypeProvider<ZodTypeProvider>()
  const body = z.object({ left: z.number() })
  zod.post('/zod', { schema: { body }, throws: [soldOut, 'an-id'] }, (request) => {
    // @ts-expect-error a number is no text
    const text: string = request.body.left
    request.addAuditEvent('read', { text })
    throw soldOut({ details: request.body })
  })
  zod.register(async (child) => {
    child.get('/child', { throws: [soldOut] }, (request) => request.timeline())
  })
  // @ts-expect-error nothing but errors is thrown
  zod.get('/wrong', { throws: [1] }, () => 'ok')
}
