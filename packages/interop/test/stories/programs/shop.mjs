// Process 1 of the mobile-money story: takes an order, asks the provider for the money, and keeps a record of the payment under
// the provider's id.
import { buildService } from './build-service.mjs'

/** Starts it. */
export default async function start(options) {
  // A call is recorded while it is under way as soon as that can be.
  const app = await buildService(
    'shop',
    options,
    { mpesa: { origin: options.provider } },
    { queuedAfterMs: 10 },
  )

  app.post('/orders', async (request, reply) => {
    const { id, amount, phone } = request.body
    const reference = { type: 'Order', id }
    const response = await request.integrations.service('mpesa').fetch('/mpesa/stkpush', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ Amount: amount, PhoneNumber: phone, CallBackURL: options.callback }),
      reference,
      description: 'STK Push',
    })
    const { CheckoutRequestID, MerchantRequestID } = await response.json()
    request.integrations.log({
      service: 'mpesa',
      key: CheckoutRequestID,
      reference,
      description: 'Payment',
      data: { amount, MerchantRequestID },
    })
    // Nothing runs between this and the record: what is kept is what was kept when `log` returned.
    if (options.diesAfterLog) process.kill(process.pid, 'SIGKILL')
    return reply.code(202).send({ order: id, payment: CheckoutRequestID })
  })

  // The shop's own key, which the provider repeats to the callback: the call itself is the payment's record.
  app.post('/keyed-orders', async (request, reply) => {
    const { id, amount } = request.body
    const key = `payment of ${id}`
    const response = await request.integrations.service('mpesa').fetch('/mpesa/stkpush', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ Amount: amount, Reference: key, CallBackURL: options.callback }),
      reference: { type: 'Order', id },
      description: 'Payment',
      key,
    })
    const { CheckoutRequestID } = await response.json()
    return reply.code(202).send({ order: id, payment: CheckoutRequestID })
  })

  app.post('/records', async (request) => {
    const { id, key } = request.body
    const record = app.integrations.log({
      service: 'mpesa',
      key,
      reference: { type: 'Order', id },
    })
    return { id: record.id }
  })

  app.post('/payments/:key/note', async (request) => {
    const { key } = request.params
    const payment = await app.integrations.resume({ service: 'mpesa', key })
    payment.update(request.body)
    return payment.record
  })

  return app
}
