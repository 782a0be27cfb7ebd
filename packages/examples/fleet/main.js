// Four processes on one port and one store, which SCS_STORE_URL names.
import cluster from 'node:cluster'
import { buildApp } from './app.js'

const WORKERS = 4

if (cluster.isPrimary) {
  for (let worker = 0; worker < WORKERS; worker++) cluster.fork()
  let listening = 0
  cluster.on('listening', (_worker, { address, port }) => {
    listening++
    if (listening === WORKERS)
      console.log(`${WORKERS} processes listen at http://${address}:${port}`)
  })
  // A process that dies is replaced; what it had not stored is in its outbox, which the next one takes over.
  let isEnding = false
  cluster.on('exit', () => {
    if (!isEnding) cluster.fork()
  })
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      isEnding = true
      cluster.disconnect()
    })
  }
} else {
  const app = await buildApp({
    store: process.env.SCS_STORE_URL ?? 'sqlite:./fleet.db',
    audit: false,
  })
  await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' })
  // Ctrl+C reaches every process of the terminal; the first one decides.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined)
  process.once('disconnect', () => app.close())
}
