// A service whose event loop is watched, and whose reports have lines of code: the module of each thread is a file of its own.
import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import slowCall from '@fastify-scs/slow-call'
import Fastify from 'fastify'

let print
const reported = new Promise((resolve) => {
  print = resolve
})
const app = Fastify({ logger: false })
await app.register(scsPlugin, { audit: false, source: 'orders' })
await app.register(errorReporter, {
  errorReporter: (_title, _message, report) => print(report),
  code: { workerUrl: new URL('./code-worker.js', import.meta.url) },
})
await app.register(slowCall, {
  maxMs: 60_000,
  blockedAfterMs: 400,
  blockedWorkerUrl: new URL('./blocked-worker.js', import.meta.url),
})
app.get('/spin', function spin() {
  const until = performance.now() + 1_500
  while (performance.now() < until);
  return 'done'
})
const address = await app.listen({ port: 0, host: '127.0.0.1' })
while (!app.slowCall.stats().blocked.isWatched)
  await new Promise((resolve) => setTimeout(resolve, 20))
await (await fetch(`${address}/spin`)).text()
const { title, code } = await reported
await app.close()
console.log(JSON.stringify({ title, code }))
