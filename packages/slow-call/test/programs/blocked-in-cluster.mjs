// Runs two services in a cluster, each at a port of its own.
import cluster from 'node:cluster'
import { fileURLToPath } from 'node:url'

cluster.setupPrimary({
  exec: fileURLToPath(new URL('blocked-server.mjs', import.meta.url)),
  args: process.argv.slice(2),
})
const workers = [cluster.fork(), cluster.fork()]
process.on('SIGTERM', () => {
  for (const worker of workers) worker.process.kill('SIGTERM')
  process.exit()
})
