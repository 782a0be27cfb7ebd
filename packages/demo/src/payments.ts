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

const unknownPayment = defineError({
  code: 404,
  id: 'payments-unknown',
  message: 'No such payment was made here',
})

const Payment = Type.Object({
  amount: Type.Integer({ minimum: 1 }),
  card: Type.Object({ number: Type.String(), cvc: Type.String() }),
})

interface PaymentBody {
  readonly amount: number
  readonly card: { readonly number: string; readonly cvc: string }
}

/** The client's key of its payment; the provider's webhook sends the same key. */
const PaymentHeaders = Type.Object({
  'idempotency-key': Type.String({ minLength: 1, maxLength: 64 }),
})

interface PaymentRoute {
  readonly Params: { readonly id: string }
  readonly Body: PaymentBody
  readonly Headers: { readonly 'idempotency-key': string }
}

/** How long the provider may take, in milliseconds. */
const PROVIDER_TIMEOUT_MS = 1500

/** The routes that talk to the payment provider. */
export const payments: FastifyPluginAsync = async (app) => {
  app.scs.registerError(declined)
  app.scs.registerError(timedOut)
  app.scs.registerError(unknownPayment)

  app.post<PaymentRoute>(
    '/orders/:id/payment',
    {
      schema: { body: Payment, headers: PaymentHeaders },
      slowCall: { maxMs: 500 },
      throws: [declined, timedOut],
    },
    async (request, reply) => {
      const { id } = request.params
      const provider = request.integrations.service('payments')
      const answer = await provider
        .fetch('/v1/charges', {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: 'Bearer sk_live_4eC39Hq' },
          body: JSON.stringify(request.body),
          signal: AbortSignal.timeout(PROVIDER_TIMEOUT_MS),
          reference: { type: 'Order', id },
          description: 'Charge',
          key: request.headers['idempotency-key'],
        })
        .catch((error: unknown) => {
          throw timedOut({ cause: error })
        })
      if (!answer.ok) throw declined()
      const { id: charge, status } = (await answer.json()) as { id: string; status: string }
      // Not settled yet: the webhook completes the record.
      if (status === 'pending') app.integrations.of(answer)?.authorize()
      return reply.code(201).send({ order: id, charge, status })
    },
  )

  app.get<{ Params: { key: string } }>('/payments/:key', async (request) => {
    const { key } = request.params
    const payment = await app.integrations.get({ service: 'payments', key })
    if (payment === undefined) throw unknownPayment()
    const { status, reference, output } = payment
    return { payment: key, status, order: reference?.id, output }
  })

  app.get('/payments/settled', async () => {
    const answer = await app.integrations.service('payments').fetch('/v1/events')
    let settled = 0
    for await (const chunk of answer.body ?? []) {
      settled += Buffer.from(chunk).toString().split('event: charge.settled').length - 1
    }
    return { settled }
  })
}

/** What the provider sends about a payment: of ours, it knows the key alone. */
const Notification = Type.Object({
  event: Type.String({ minLength: 1 }),
  payment: Type.String({ minLength: 1 }),
  order: Type.String({ minLength: 1 }),
})

interface NotificationBody {
  readonly event: string
  readonly payment: string
  readonly order: string
}

/** The route that the provider calls when a payment has settled; it sends no token. */
export const paymentWebhook: FastifyPluginAsync = async (app) => {
  app.scs.registerError(unknownPayment)
  app.post<{ Body: NotificationBody }>(
    '/webhooks/payments',
    {
      schema: { body: Notification },
      throws: [unknownPayment],
      integration: {
        service: 'payments',
        description: 'Payment Notification',
        reference: ({ body }) => ({ type: 'Order', id: (body as NotificationBody).order }),
        key: ({ body }) => (body as NotificationBody).event,
      },
    },
    async (request, reply) => {
      const { payment: key, event } = request.body
      const payment = await app.integrations.resume({ service: 'payments', key })
      if (payment === undefined) throw unknownPayment()
      payment.complete({ settledBy: event })
      return reply.code(202).send({ received: true })
    },
  )
}
