// A small service with all plugins as a user would write it; the programs beside it are the entries of a bundler. Its arguments are the names of the
// files that it is not told of; `url` stands for the adapter. It prints what was seen, or the error with which it does not start.
import { createServer } from 'node:http'
import { Writable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { SqliteStore } from '@fastify-scs/store-sqlite'
import Fastify from 'fastify'
import fastifyScs from 'fastify-scs'

const WITHOUT = process.argv.slice(2)

/** Runs the service on a file in the working directory, and reads back what the file holds after it was closed. */
export async function tell(files) {
  const named = Object.fromEntries(
    Object.entries(files).filter(([name]) => !WITHOUT.includes(name)),
  )
  try {
    const seen = await answerRequests(named)
    console.log(JSON.stringify({ ...seen, found: await readBack(named) }))
  } catch ({ code, message }) {
    console.log(JSON.stringify({ failure: { code, message } }))
  }
}

async function answerRequests(files) {
  const bank = createServer((_request, response) => response.end('{"paid":true}'))
  await new Promise((resolve) => bank.listen(0, '127.0.0.1', resolve))
  try {
    const warnings = []
    const { app, reports } = await build(files, `http://127.0.0.1:${bank.address().port}`, warnings)
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    const isWatching = () => app.slowCall.stats().blocked.isWatched
    while (files.blockedWorkerUrl !== undefined && !isWatching()) await pause(20)
    const statuses = []
    for (const path of ['/orders/1', '/orders/2', '/crash', '/nowhere', '/spin', '/_scs/'])
      statuses.push((await ask(address + path)).status)
    const { text } = await ask(`${address}/_scs/`)
    const [script] = /assets\/[\w-]+\.js/.exec(text) ?? []
    statuses.push((await ask(`${address}/_scs/${script}`)).status)
    const isReported = () => reports.some(({ title }) => title.includes('/spin blocked'))
    while (isWatching() && !isReported()) await pause(20)
    await app.close()
    return {
      statuses,
      reports: reports.map(({ title, code }) => ({ title, code })),
      warnings,
    }
  } finally {
    bank.closeAllConnections()
    bank.close()
  }
}

async function ask(url) {
  const answer = await fetch(url)
  return { status: answer.status, text: await answer.text() }
}

async function readBack(files) {
  const { app } = await build(files, 'http://127.0.0.1:9', [])
  await app.ready()
  const events = await app.scsStore.find('audit_events', {})
  const calls = await app.integrations.find({ service: 'bank' })
  const reports = await app.scsStore.find('reports', {})
  await app.close()
  return {
    events: events.items.map(({ data }) => data.message).sort(),
    calls: calls.items.map(({ url }) => new URL(url).pathname),
    reports: reports.items.length,
  }
}

async function build(files, origin, lines) {
  const { workerUrl, codeWorkerUrl, blockedWorkerUrl, pageFolder } = files
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      const { msg, err } = JSON.parse(String(chunk))
      const line = `${msg}: ${err?.message}`
      if (/worker/i.test(line)) lines.push(line)
      done()
    },
  })
  const reports = []
  const app = Fastify({ logger: { stream, level: 'info' } })
  await app.register(fastifyScs, {
    source: 'orders',
    audit: false,
    store: WITHOUT.includes('url')
      ? 'sqlite:./scs.db'
      : { adapter: new SqliteStore({ path: './scs.db', ...(workerUrl && { workerUrl }) }) },
    errorReporter: {
      errorReporter: (_title, _message, report) => void reports.push(report),
      ...(codeWorkerUrl && { code: { workerUrl: codeWorkerUrl } }),
    },
    slowCall: {
      maxMs: 60_000,
      blockedAfterMs: 400,
      ...(blockedWorkerUrl && { blockedWorkerUrl }),
    },
    integrationLog: { services: { bank: { origin } }, observe: true },
    console: { authorize: () => true, ...(pageFolder && { pageFolder }) },
  })
  app.scs.registerAuditEvent({ type: 'seen', level: 'INFO', messageTemplate: 'Order {n} was seen' })
  app.get('/orders/:n', async (request) => {
    request.addAuditEvent('seen', { n: request.params.n })
    const answer = await request.integrations.service('bank').fetch('/pay')
    return answer.json()
  })
  app.get('/crash', async () => {
    throw new Error('the pool is exhausted')
  })
  app.get('/spin', function spin() {
    const until = performance.now() + 1_500
    while (performance.now() < until);
    return 'done'
  })
  return { app, reports }
}
