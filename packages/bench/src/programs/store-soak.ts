import { join } from 'node:path'
import type { StoreStats } from '@fastify-scs/store'
import type { Sample } from '../measure/participant.js'
import { newIntegrationRequest, newIntegrationRequests } from '../store/integration-request.js'
import { answerRequests } from './answer-requests.js'
import { feedStore, rateOf, startedStore, temporaryFolder } from './started-store.js'
import { FileWatch, MemoryWatch } from './usage-watch.js'

const OVERLOAD = 2
/** What is made at once at most, so that a late timer does not block the loop for longer still, in milliseconds. */
const MAX_CATCH_UP_MS = 50

/** The store's own default for a file, said here as the figure needs it. */
const MAX_BYTES = 1_073_741_824

const [calibrationRecords = '60000', maxBytes = String(MAX_BYTES)] = process.argv.slice(2)
const path = join(temporaryFolder(), 'scs.db')
const store = await startedStore({ url: `sqlite:${path}`, maxBytes: Number(maxBytes) })
const memory = new MemoryWatch()
const files = new FileWatch(path, `${path}-wal`)
let recordsPerMs = 0
let offered = 0
let producer: NodeJS.Timeout | undefined

await answerRequests({ calibrate, start, sample, end })

/** What the store can take. */
async function calibrate(): Promise<Sample> {
  const records = newIntegrationRequests(Number(calibrationRecords))
  const sample = await rateOf(records.length, () => feedStore(store, records))
  offered += records.length
  recordsPerMs = ((sample.rowsPerSecond ?? 0) / 1_000) * OVERLOAD
  return sample
}

async function start(): Promise<Sample> {
  memory.start()
  files.start()
  let lastMs = performance.now()
  let due = 0
  producer = setInterval(() => {
    const nowMs = performance.now()
    due += Math.min(nowMs - lastMs, MAX_CATCH_UP_MS) * recordsPerMs
    lastMs = nowMs
    for (; due >= 1; due -= 1, offered += 1) store.write(newIntegrationRequest())
  }, 1)
  return {}
}

async function sample(): Promise<Sample> {
  const sizes = { fileBytes: files.take(), maxBytes: Number(maxBytes) }
  return { ...memory.take(), ...sizes, ...countsOf(await store.stats()) }
}

/** Stops, and waits until all that was not shed is stored. */
async function end(): Promise<Sample> {
  clearInterval(producer)
  memory.stop()
  files.stop()
  // A full queue may take longer than one flush may.
  while (!(await store.flush()));
  return countsOf(await store.stats())
}

function countsOf(stats: StoreStats): Sample {
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((total, count) => total + count, 0)
  return {
    offered,
    written: stats.written,
    shed: sum(stats.shed),
    shedBodies: sum(stats.shedBodies),
    deadLettered: stats.deadLettered,
    queuedRecords: stats.queue.records,
    queuedBytes: stats.queue.bytes,
    storedBytes: stats.stored?.bytes ?? 0,
  }
}
