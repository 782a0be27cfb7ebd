// Runs the whole table against one app, and prints what became of each request as a line of JSON.
// Arguments: the plugins (bare, core, reporter, all), the protocol (http1, http2), a part of a cell's name, or `-` for the cells
// whose names stand on the standard input as a list of JSON, or nothing.
import { json } from 'node:stream/consumers'
import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import Fastify from 'fastify'
import { askAndLeave, askHttp1, askHttp2 } from './client.mjs'
import { deeds, deedsWithin, payloads } from './kinds.mjs'
import { limits } from './limits.mjs'
import { begun, callback, callbacks, connectionPlaces, givers, places } from './places.mjs'

const [plugins, protocol, part = ''] = process.argv.slice(2)
const AT_ONCE = Number(process.env.AT_ONCE ?? 16)

const uncaught = []
for (const name of ['uncaughtException', 'unhandledRejection']) {
  process.on(name, (error) => uncaught.push(`${name}: ${error?.stack ?? String(error)}`))
}

const app = Fastify({
  http2: protocol === 'http2',
  genReqId: ({ url }) => url,
  logger: {
    level: 'warn',
    stream: {
      write: (line) => {
        if (line.includes('callback=log')) throw new Error('the log is full')
      },
    },
  },
})
app.decorateRequest('testReply', null)
app.addHook('onRequest', async (request, reply) => {
  request.testReply = reply
})
if (plugins !== 'bare') {
  await app.register(scsPlugin, {
    audit: false,
    errorFormat: (error, request) => callback('errorFormat', request, { id: error.id }),
    errorDecorator: (body, _error, request) => callback('errorDecorator', request, body),
    user: (request) => callback('user', request, 'ann'),
  })
  app.scs.observeFailures((_failure, request) => callback('failureObserver', request, undefined))
}
if (plugins === 'all') await app.register(store, { url: 'memory:' })
if (plugins === 'reporter' || plugins === 'all') {
  await app.register(errorReporter, { errorReporter: async () => undefined })
}
if (plugins === 'all') {
  await app.register(slowCall, { maxMs: 60_000, blockedAfterMs: false })
  await app.register(integrationLog, { services: {}, observe: true })
}

const cells = []
function addPlaces(set, kinds) {
  for (const [place, add] of Object.entries(set)) {
    const url = `/${place.replace(/\W+/g, '-')}`
    add(app, url)
    const method = /POST|HEAD/.exec(place)?.[0] ?? 'GET'
    const path = /unknown|not-found/.test(place) ? `${url}/nowhere` : url
    const isWithin = /onSend|preSerialization|serializer|trailer|unknown/.test(place)
    const own = isWithin ? { ...kinds, ...deedsWithin } : kinds
    for (const kind of Object.keys(own).filter(
      (name) => !isWithin || !(name in deeds) || name in deedsWithin,
    )) {
      cells.push({ place, kind, method, url: `${path}?kind=${encodeURIComponent(kind)}` })
    }
  }
}
addPlaces(givers, { ...deeds, ...payloads })
addPlaces(places, deeds)
if (protocol === 'http1') addPlaces(connectionPlaces, deedsWithin)
if (plugins !== 'bare') {
  app.get('/callback', (request) => {
    app.scs.userOf(request)
    throw new Error('the first failure')
  })
  for (const name of callbacks) {
    for (const kind of Object.keys(deedsWithin)) {
      const query = `callback=${name}&kind=${encodeURIComponent(kind)}`
      cells.push({ place: name, kind, method: 'GET', url: `/callback?${query}` })
    }
  }
}
if (plugins !== 'bare') {
  const cell = { place: 'the logger', kind: 'throws an error', method: 'GET' }
  cells.push({ ...cell, url: `/callback?callback=log&kind=${encodeURIComponent(cell.kind)}` })
}
app.get('/alive', async () => 'alive')
await app.listen({ port: 0, host: '127.0.0.1' })
const { port } = app.server.address()
const ask = protocol === 'http2' ? askHttp2 : askHttp1

const named = part === '-' ? new Set(await json(process.stdin)) : undefined
const waiting = cells.filter(({ place, kind }) => {
  const name = `${place}: ${kind}`
  return (
    (named?.has(name) ?? name.includes(part)) &&
    (plugins === 'bare' || !limits.some((limit) => limit.test(name)))
  )
})
async function work() {
  for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
    const { method, url, place, kind } = cell
    const before = uncaught.length
    const answer = place.endsWith('onRequestAbort hook')
      ? await askAndLeave(port, url, begun)
      : await ask(port, method, url)
    await new Promise((resolve) => setImmediate(resolve))
    const died = uncaught.slice(before)
    process.stdout.write(`${JSON.stringify({ cell: `${place}: ${kind}`, ...answer, died })}\n`)
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work))
const alive = await ask(port, 'GET', '/alive')
const closing = Promise.race([
  app.close().then(() => 'closed'),
  new Promise((resolve) => setTimeout(resolve, 20_000, 'never closed').unref()),
])
process.stdout.write(
  `${JSON.stringify({ end: true, alive: alive.body, closing: await closing, uncaught })}\n`,
)
process.exit(0)
