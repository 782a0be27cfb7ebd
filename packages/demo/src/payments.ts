import { defineError } from '@fastify-scs/core'
import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsync } from 'fastify'

const declined = defineError({
  code: 402,
  id: 'payments-declined',
  message: 'The payment was declined',
})

const timedOut = defineError({
  code: 504,
  id: 'payments-provider-silent',
  message: 'The payment provider does not answer; nothing was charged',
})

const Payment = Type.Object({
  amount: Type.Integer({ minimum: 1 }),
  card: Type.Object({ number: Type.String(), cvc: Type.String() }),
})

interface PaymentBody {
  readonly amount: number
  readonly card: { readonly number: string; readonly cvc: string }
}

/** How long the provider may take, in milliseconds. */
const PATIENCE_MS = 1500

/** The routes that talk to the payment provider. */
export const payments: FastifyPluginAsync = async (app) => {
  app.scs.registerError(declined)
  app.scs.registerError(timedOut)

  app.post<{ Params: { id: string }; Body: PaymentBody }>(
    '/orders/:id/payment',
    { schema: { body: Payment }, slowCall: { maxMs: 500 }, throws: [declined, timedOut] },
    async (request, reply) => {
      const { id } = request.params
      const provider = request.integrations.service('payments')
      const answer = await provider
        .fetch('/v1/charges', {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: 'Bearer sk_live_4eC39Hq' },
          body: JSON.stringify(request.body),
          signal: AbortSignal.timeout(PATIENCE_MS),
          reference: { type: 'Order', id },
          description: 'Charge',
        })
        .catch((error: unknown) => {
          throw timedOut({ cause: error })
        })
      if (!answer.ok) throw declined()
      const { id: charge } = (await answer.json()) as { id: string }
      return reply.code(201).send({ order: id, charge })
    },
  )

  app.get('/payments/settled', async () => {
    const answer = await app.integrations.service('payments').fetch('/v1/events')
    let settled = 0
    for await (const chunk of answer.body ?? []) {
      settled += Buffer.from(chunk).toString().split('event: charge.settled').length - 1
    }
    return { settled }
  })
}

/** What the provider calls when a payment has settled; it has no token of ours. */
export const paymentWebhook: FastifyPluginAsync = async (app) => {
  app.post<{ Body: { order: string } }>(
    '/webhooks/payments',
    { integration: { service: 'payments', description: 'Payment Notification' } },
    async (request, reply) => {
      request.integration.update({
        reference_doctype: 'Order',
        reference_docname: request.body.order,
      })
      return reply.code(202).send({ received: true })
    },
  )
}
