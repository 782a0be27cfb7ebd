import { ServiceError } from '@fastify-scs/core'
import type { FastifyPluginAsync } from 'fastify'

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
