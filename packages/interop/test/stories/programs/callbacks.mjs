// Process 2 of the mobile-money story: the provider calls it back, with its own id and nothing else.
import { buildService } from './build-service.mjs'

/** Starts it. */
export default async function start(options) {
  const app = await buildService('callbacks', options, { mpesa: { origin: options.provider } })
  const unknown = app.scs.registerError({
    code: 503,
    id: 'payments-unknown-yet',
    message: 'This payment is not known yet; please call again',
  })

  app.post(
    '/callbacks/mpesa',
    { integration: { service: 'mpesa', description: 'STK Callback' } },
    async (request) => {
      const {
        CheckoutRequestID,
        Reference: key = CheckoutRequestID,
        ...result
      } = request.body.Body.stkCallback
      const payment = await app.integrations.resume({ service: 'mpesa', key })
      if (payment === undefined) throw unknown()
      request.integration.refer(payment.record.reference)
      const items = result.CallbackMetadata.Item.map(({ Name, Value }) => [Name, Value])
      payment.update(Object.fromEntries(items))
      if (result.ResultCode === 0) payment.complete({ ResultDesc: result.ResultDesc })
      else payment.fail({ ResultDesc: result.ResultDesc })
      if (options.diesAfterChange) process.kill(process.pid, 'SIGKILL')
      return { ResultCode: 0, ResultDesc: 'Accepted' }
    },
  )

  return app
}
