// Opens and closes apps whose event loop is watched, and prints how many threads and handles are left, and what a block found.
import { readdirSync } from 'node:fs'
import scsPlugin from '@fastify-scs/core'
import slowCall from '@fastify-scs/slow-call'
import Fastify from 'fastify'

const [, , rounds = '3'] = process.argv
const reports = []

async function open(source, limitMs) {
  const app = Fastify()
  await app.register(scsPlugin, { source, audit: false })
  const onBlocked = (report) => reports.push({ source, route: report.route })
  await app.register(slowCall, { blockedAfterMs: limitMs, onBlocked, maxMs: 600_000 })
  app.get(`/${source}`, () => {
    const until = performance.now() + 1_000
    while (performance.now() < until);
    return 'ok'
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  while (!app.slowCall.stats().blocked.isWatched) await pause(20)
  return { app, address }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
// Elsewhere they cannot be counted.
const threads = () => (process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0)
const keys = () =>
  Object.getOwnPropertySymbols(globalThis).filter((key) => String(key).includes('slow-call')).length

const [one, two] = [await open('one', 10_000), await open('two', 300)]
const withTwo = { threads: threads(), keys: keys() }
await fetch(`${two.address}/two`)
while (reports.length < 1) await pause(20)
await one.app.close()
const withOne = { threads: threads(), keys: keys() }
await two.app.close()

let least = Number.POSITIVE_INFINITY
for (let round = 0; round < Number(rounds); round++) {
  const { app } = await open('again', 500)
  await app.close()
}
for (let look = 0; look < 50; look++) {
  least = Math.min(least, threads())
  await pause(20)
}
console.log(JSON.stringify({ reports, withTwo, withOne, left: { threads: least, keys: keys() } }))
