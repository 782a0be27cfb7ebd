import { buyTicket } from './client.js'
import { buildService } from './service.js'

const app = await buildService({ audit: false })
const address = await app.listen({ port: 0, host: '127.0.0.1' })
for (const event of ['opera', 'chess']) console.log(await buyTicket(address, event))
const document = (await (await fetch(`${address}/openapi.json`)).json()) as {
  paths: Record<string, { post: { responses: object } }>
}
console.log(Object.keys(document.paths['/events/{event}/tickets']?.post.responses ?? {}).join(' '))
await app.close()
