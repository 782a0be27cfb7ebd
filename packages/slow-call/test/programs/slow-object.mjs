// Answers a call with an object after a while, under the watch of slow-call, and prints whether that put a dispatcher of fetch in
// place for the process.
import scsPlugin from '@fastify-scs/core'
import slowCall from '@fastify-scs/slow-call'
import Fastify from 'fastify'

const app = Fastify()
await app.register(scsPlugin, { source: 'test', audit: false })
const reports = []
await app.register(slowCall, {
  maxMs: 100,
  blockedAfterMs: false,
  onSlowCall: (report) => reports.push(report),
})
app.get('/', async () => {
  await new Promise((resolve) => setTimeout(resolve, 350))
  return { text: 'late' }
})
await app.inject('/')
await app.close()
const isPlaced = Symbol.for('undici.globalDispatcher.1') in globalThis
console.log(JSON.stringify({ reports: reports.length, isPlaced }))
