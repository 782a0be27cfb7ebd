// A service whose records may not be lost, by its options of the store: `node answering.mjs <origin> <file> <durability>`. Each of
// its answers follows calls of every kind.
import http from 'node:http'
import scsPlugin from '@fastify-scs/core'
import integrationLog from '@fastify-scs/integration-log'
import store from '@fastify-scs/store'
import Fastify from 'fastify'

const [, , origin, path, durability] = process.argv
const app = Fastify({ requestIdHeader: 'x-id' })
await app.register(scsPlugin, { source: 'answering', audit: false })
await app.register(store, { url: `sqlite:${path}`, durability })
await app.register(integrationLog, { services: { upstream: { origin } }, observe: true })

app.post('/', { integration: { service: 'hook' } }, async () => {
  const { fetch: call } = app.integrations.service('upstream')
  // Hangs, and is under way when the answer is sent.
  void call('/hangs').catch(() => undefined)
  await (await call('/json')).text()
  await (await call('/gzip')).text()
  await new Promise((resolve) => {
    http.get(`${origin}/chunked`, (response) => response.resume().once('close', resolve))
  })
  app.integrations.log({ service: 'own' }).complete('done')
  // Its body is read by nobody.
  const response = await call('/error')
  app.integrations.logResponse(response, { service: 'response' })
  return 'answered'
})

process.stdout.write(await app.listen({ host: '127.0.0.1', port: 0 }))
