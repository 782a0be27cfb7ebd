import { buildApp } from './app.js'

const app = await buildApp({
  store: process.env.SCS_STORE_URL ?? 'sqlite:./tickets.db',
  // This machine only; README.md of the console has the usual ways to let others in.
  console: { prefix: '/_scs', authorize: (request) => request.ip === '127.0.0.1' },
})
const address = await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' })
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close())
console.log(`Listening at ${address}
Sell two tickets:   curl -s -X POST -H 'content-type: application/json' -H 'x-user: ada' -d '{"count":2}' ${address}/tickets
Sell too many:      the same again
Let it crash:       curl -si ${address}/seats/z9
Look what broke:    ${address}/_scs/`)
