// The errors of the reader's service, which the pages of the client import.
import { defineError } from '@fastify-scs/core'
import { Type } from '@sinclair/typebox'

export const soldOut = defineError({
  code: 409,
  id: 'orders-sold-out',
  message: 'Only {left} are left',
  details: Type.Object({ left: Type.Integer() }),
})
export const closed = defineError({ code: 403, id: 'orders-closed', message: 'Orders are closed' })
