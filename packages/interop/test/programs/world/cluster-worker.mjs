// A worker of cluster-service.mjs, which shares its port, its database and its standard output with three others.
import { join } from 'node:path'
import scsPlugin, { scsLogger } from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import store from '@fastify-scs/store'
import Fastify from 'fastify'

const { url, folder, detailBytes } = JSON.parse(process.env.STORY)
const app = Fastify({ logger: scsLogger({ source: 'orders' }) })
await app.register(scsPlugin, {
  source: 'orders',
  audit: {
    stdout: { level: 'info' },
    file: { path: join(folder, `audit-${process.pid}.log`), level: 'info' },
  },
})
await app.register(store, { url, durability: 'process', outboxPath: join(folder, 'outbox') })
await app.register(errorReporter, {
  // At once: a worker that is killed tells nothing later.
  errorReporter: (title) => void process.send({ reports: [title] }),
  code: false,
})
app.scs.registerAuditEvent({ type: 'seen', level: 'INFO', messageTemplate: 'Order {n} was seen' })
app.addHook('onRequest', async (_request, reply) => void reply.header('x-pid', process.pid))
app.get('/orders/:n', (request) => {
  request.addAuditEvent('seen', { n: Number(request.params.n), more: 'x'.repeat(detailBytes) })
  return { n: request.params.n }
})
app.get('/crash', () => {
  throw new Error('the pool is exhausted')
})
app.get('/groups', async () => {
  const { items } = await app.scsStore.groups()
  return items.map(({ occurrences }) => occurrences)
})
process.on('message', async (message) => {
  if (message !== 'close') return
  await app.close()
  process.disconnect()
})
await app.listen({ port: 0, host: '127.0.0.1' })
