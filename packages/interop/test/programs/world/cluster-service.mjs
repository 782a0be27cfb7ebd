// Four workers of node:cluster on one port and one database, asked by this process: `node cluster-service.mjs <story as JSON>`, which prints
// nothing of its own; what it has seen it sends to its parent.
import cluster from 'node:cluster'
import { once } from 'node:events'
import { get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const WORKERS = 4
const AT_ONCE = 16
const PATIENCE_MS = 5_000
/** Since the start of the process: the story fails then, and does not go on for ever. */
const LATEST_MS = 60_000

const story = JSON.parse(process.argv[2])
cluster.setupPrimary({ exec: join(import.meta.dirname, 'cluster-worker.mjs') })
const ports = []
const reports = []

async function startWorker() {
  const worker = cluster.fork({ STORY: JSON.stringify(story) })
  worker.on('message', (message) => reports.push(...message.reports))
  const [address] = await once(worker, 'listening')
  ports.push(address.port)
  return worker
}

const workers = await Promise.all(Array.from({ length: WORKERS }, startWorker))
const [port] = ports

/** Asks on a connection of its own, so that the connections spread over the workers. */
function ask(path) {
  return new Promise((resolve) => {
    const request = get({ port, path, host: '127.0.0.1', agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () =>
        resolve({ status: response.statusCode, pid: Number(response.headers['x-pid']), text }),
      )
      response.on('error', () => resolve({ status: 0 }))
    })
    request.on('error', () => resolve({ status: 0 }))
    // Node.js never closes a connection that it was just handing over to a worker that was killed.
    request.setTimeout(PATIENCE_MS, () => request.destroy())
  })
}

let orders = 0

/** Asks for orders, some at once, as long as it is wanted; returns those that were answered, with the worker that did. */
async function askOrders(isWanted, onAnswer = () => {}) {
  const answered = []
  const asker = async () => {
    while (isWanted(answered)) {
      const n = ++orders
      const { status, pid } = await ask(`/orders/${n}`)
      if (status === 200) answered.push({ n, pid })
      await onAnswer(answered.length)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, asker))
  return answered
}

const crashes = await Promise.all(Array.from({ length: 40 }, () => ask('/crash')))
let groups
for (let tries = 0; tries < 100; tries++) {
  groups = JSON.parse((await ask('/groups')).text)
  if (groups[0] === 40) break
  await pause(100)
}

const hasAnswered = (answered, { process }) => answered.some(({ pid }) => pid === process.pid)
const haveAllAnswered = (answered) => workers.every((worker) => hasAnswered(answered, worker))
// Which worker is given a connection is for the cluster to say; one that is busy may be given none for a while.
const isLate = () => performance.now() > LATEST_MS
const first = await askOrders(
  (answered) => (answered.length < 100 || !haveAllAnswered(answered)) && !isLate(),
)
const [victim] = workers
const second = await askOrders(
  ({ length }) => length < 100,
  (count) => count === 60 && victim.process.kill('SIGKILL'),
)
workers.splice(0, 1)

// One after the other, as PM2 reloads a service, while requests come in.
let isReloaded = story.replaced === 0
const isOver = (answered) => isReloaded && (story.replaced === 0 || haveAllAnswered(answered))
const during = askOrders(
  (answered) => !isOver(answered) && !isLate(),
  () => pause(50),
)
for (const old of workers.slice(0, story.replaced)) {
  const started = await startWorker()
  const gone = once(old, 'exit')
  old.send('close')
  await gone
  workers.splice(workers.indexOf(old), 1, started)
}
isReloaded = true
const third = await during
const ends = await Promise.all(
  workers.map(async (worker) => {
    const gone = once(worker, 'exit')
    worker.send('close')
    return gone
  }),
)
process.send({
  ports: [...new Set(ports)],
  crashes: crashes.map(({ status }) => status),
  groups,
  reports,
  victim: victim.process.pid,
  answered: [...first, ...second, ...third],
  exits: ends.map(([code, signal]) => code ?? signal),
})
process.disconnect()
