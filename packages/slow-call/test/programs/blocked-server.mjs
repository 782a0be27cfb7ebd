// A service whose routes hold the event loop; it prints its address, then each report as a line of JSON. Arguments: options as JSON.
import { execFileSync } from 'node:child_process'
import { pbkdf2Sync } from 'node:crypto'
import inspector from 'node:inspector'
import scsPlugin from '@fastify-scs/core'
import slowCall from '@fastify-scs/slow-call'
import Fastify from 'fastify'

const { core, end, level = 'warn', ...options } = JSON.parse(process.argv[2] ?? '{}')
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)
const app = Fastify({
  logger: { level, stream: process.stderr },
  forceCloseConnections: true,
})
await app.register(scsPlugin, { source: 'orders', audit: false, ...core })
await app.register(slowCall, {
  maxMs: 600_000,
  onBlocked: (report) => print({ report }),
  ...options,
})

const watchThreads = []
process.on('worker', (worker) => watchThreads.push(worker))

function spin(ms) {
  const until = performance.now() + ms
  let rounds = 0
  while (performance.now() < until) rounds++
  return rounds
}

function explode(text) {
  return /^(a+)+$/.test(text)
}

const list = () => `[${'{"a":1,"b":[1,2,3,"xyz"]},'.repeat(4_500_000)}1]`
let json

app.get('/regex', async (request) => explode(`${'a'.repeat(Number(request.query.letters ?? 28))}!`))
app.get('/loop/:id', async (request, reply) => {
  const secret = `canary-${request.query.canary}`
  spin(Number(request.query.ms ?? 3_000))
  return reply.send({ length: secret.length })
})
app.get('/later', async (request) => {
  await new Promise((resolve) => setTimeout(resolve, 20))
  return spin(Number(request.query.ms ?? 3_000))
})
app.get('/forever', () => {
  for (;;) spin(1_000)
})
app.get('/prepare', async () => {
  json = list()
  return json.length
})
app.get('/json', async () => {
  const parsed = JSON.parse(json)
  return parsed.length
})
app.get('/pbkdf2', async () => {
  for (let round = 0; round < 20; round++) pbkdf2Sync('a', 'b', 300_000, 32, 'sha512')
  return 'ok'
})
app.get('/child', async () => execFileSync('sleep', ['2']).length)
app.get('/debugger', async () => {
  for (let round = 0; round < 300; round++) {
    spin(10)
    // biome-ignore lint/suspicious/noDebugger: the test is about it
    debugger
  }
  return 'went on'
})
app.get('/exit', () => {
  spin(1_500)
  process.exit(3)
})
app.get('/throw', () => {
  spin(1_500)
  setImmediate(() => {
    throw new Error('uncaught')
  })
  spin(1_500)
})
app.get('/attach', () => {
  inspector.open(0, '127.0.0.1')
  return 'attached'
})
app.get('/detach', () => {
  inspector.close()
  return 'detached'
})
app.get('/end-thread', async () => {
  await watchThreads.pop()?.terminate()
  return app.slowCall.stats().blocked
})
app.get('/minute-later', () => {
  const now = performance.now.bind(performance)
  performance.now = () => now() + 60_000
  return 'later'
})
app.get('/stats', () => app.slowCall.stats().blocked)

// In a cluster, each process has a port of its own.
print({ address: await app.listen({ port: 0, host: '127.0.0.1', exclusive: true }) })
if (end === 'close') setTimeout(() => app.close().then(() => print({ closed: true })), 300)
