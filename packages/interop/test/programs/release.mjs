// An instance of a release: crashes so many times, with pauses, and prints what it has reported.
import { setTimeout as pause } from 'node:timers/promises'
import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import store from '@fastify-scs/store'
import Fastify from 'fastify'

const [url, apiVersion, crashes, pauseMs] = process.argv.slice(2)
const reports = []
const app = Fastify()
await app.register(scsPlugin, { source: 'orders', audit: false })
await app.register(store, { url })
await app.register(errorReporter, {
  apiVersion,
  storeTimeoutMs: 30_000,
  errorReporter: (title, _message, { group }) => void reports.push({ title, ...group }),
})
app.get('/', () => {
  throw new Error('boom')
})
await app.ready()
for (let crash = 0; crash < Number(crashes); crash++) {
  await app.inject('/')
  await pause(Number(pauseMs))
}
await app.close()
console.log(JSON.stringify(reports))
