import { buildApp } from './app.js'
import { buildProvider } from './provider.js'

let address = ''
const provider = buildProvider(() => `${address}/webhooks/provider`)
const providerAddress = await provider.listen({ port: 0, host: '127.0.0.1' })
const app = await buildApp(providerAddress, {
  store: process.env.SCS_STORE_URL ?? 'sqlite:./payments.db',
  console: { prefix: '/_scs', authorize: (request) => request.ip === '127.0.0.1' },
})
address = await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' })
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => Promise.all([app.close(), provider.close()]))
console.log(`Listening at ${address}
Pay an order:       curl -s -X POST -H 'content-type: application/json' -d '{"amount":200,"card":"4242424242424242"}' ${address}/orders/7/pay
The provider says:  curl -s -X POST ${providerAddress}/v1/charges/ch_7/pay
What befell it:     curl -s ${address}/orders/7/calls
Look at the calls:  ${address}/_scs/`)
