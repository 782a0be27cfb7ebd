import { ServiceError } from '@fastify-scs/core'
import type { FastifyPluginAsync } from 'fastify'

/** The route that asks the customers service. */
export const customers: FastifyPluginAsync = async (app) => {
  app.get<{ Params: { id: string } }>('/orders/:id/customer', async (request) => {
    const { id } = request.params
    const service = request.integrations.service('customers')
    const answer = await service.fetch(`/orders/${encodeURIComponent(id)}/customer`)
    // Whatever it says went wrong goes on to our client as it is, with the id under which it was reported there.
    if (!answer.ok) throw await ServiceError.from(answer)
    return answer.json()
  })
}
