import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { StoreRecord } from '@fastify-scs/store'
import type { Sample } from '../measure/participant.js'
import { newIntegrationRequest } from '../store/integration-request.js'
import { answerRequests } from './answer-requests.js'
import { startedStore, temporaryFolder } from './started-store.js'

const RECORDS_PER_MS = 5
const NS_PER_MS = 1_000_000

/** Where a record goes. */
interface Sink {
  take(record: StoreRecord): void
  finish(): Promise<unknown>
}

const [variant, turnMs = '2000'] = process.argv.slice(2)
const sink = variant === 'store' ? await storeSink() : nowhere()
await answerRequests({ turn: () => turn(Number(turnMs) * RECORDS_PER_MS) })

function nowhere(): Sink {
  let last: StoreRecord | undefined
  return {
    take: (record) => {
      last = record
    },
    finish: async () => last,
  }
}

async function storeSink(): Promise<Sink> {
  const store = await startedStore({ url: `sqlite:${join(temporaryFolder(), 'scs.db')}` })
  return {
    take: (record) => store.write(record),
    finish: async () => {
      if (!(await store.flush())) throw new Error('The store does not take the records')
    },
  }
}

async function turn(records: number): Promise<Sample> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await produce(records)
  delay.disable()
  await sink.finish()
  return {
    records,
    loopDelayP99Ms: delay.percentile(99) / NS_PER_MS,
    loopDelayMaxMs: delay.max / NS_PER_MS,
  }
}

/** Makes records at an even pace, a few in each millisecond. */
function produce(records: number): Promise<void> {
  const startMs = performance.now()
  let made = 0
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(records, Math.floor((performance.now() - startMs) * RECORDS_PER_MS))
      for (; made < due; made += 1) sink.take(newIntegrationRequest())
      if (made < records) return
      clearInterval(timer)
      resolve()
    }, 1)
  })
}
