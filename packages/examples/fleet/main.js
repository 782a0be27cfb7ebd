// Four processes, or as many as WORKERS says, on one port and one store, which SCS_STORE_URL names.
import cluster from 'node:cluster'
import { buildApp } from './app.js'

const WORKERS = Number(process.env.WORKERS ?? 4)

if (cluster.isPrimary) {
  const listening = new Set()
  let isEnding = false
  // The first one starts alone: what is wrong with the store or the port is said once.
  cluster.fork()
  cluster.on('listening', ({ id }, { address, port }) => {
    listening.add(id)
    if (listening.size === 1) for (let worker = 1; worker < WORKERS; worker++) cluster.fork()
    if (listening.size === WORKERS)
      console.log(`${WORKERS} processes listen at http://${address}:${port}`)
  })
  cluster.on('exit', ({ id, process: { pid } }) => {
    if (isEnding) return
    if (listening.has(id)) {
      // What it had not stored is in its outbox, which the next one takes over.
      console.log(`Process ${pid} has died, ${cluster.fork().process.pid} takes its place`)
      return
    }
    // It has never listened and has said why; another would fail in the same way.
    process.exitCode = 1
    end()
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end)

  function end() {
    isEnding = true
    cluster.disconnect()
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
