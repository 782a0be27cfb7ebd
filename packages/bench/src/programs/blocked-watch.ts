import { setTimeout as delay } from 'node:timers/promises'
import scsPlugin from '@fastify-scs/core'
import slowCall from '@fastify-scs/slow-call'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Sample } from '../measure/participant.js'
import { answerRequests } from './answer-requests.js'

// An app that serves nobody for so many milliseconds, or that does so many rounds of work at once, which blocks its event loop:
// `blocked-watch.js watched idle 4000`, `blocked-watch.js watched blocking 500000000`.
const [variant, work, amount] = process.argv.slice(2)
const app = await servingApp()
const { port } = app.server.address() as { readonly port: number }

await answerRequests({ turn: work === 'idle' ? idle : blocking })

async function servingApp(): Promise<FastifyInstance> {
  const made = Fastify({ logger: false })
  await made.register(scsPlugin, { source: 'bench', audit: false })
  const blockedAfterMs = variant === 'watched' ? 1_000 : false
  await made.register(slowCall, { maxMs: 60_000, blockedAfterMs, onBlocked: () => undefined })
  made.get('/', async () => spin(Number(amount)))
  await made.listen({ host: '127.0.0.1', port: 0 })
  if (variant === 'watched') await untilWatched(made)
  return made
}

/** What is not watched would be the cheapest. */
async function untilWatched(made: FastifyInstance): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (made.slowCall.stats().blocked?.isWatched) return
    await delay(50)
  }
  throw new Error('The event loop is not watched')
}

async function idle(): Promise<Sample> {
  await delay(Number(amount))
  return { turnMs: Number(amount), rssBytes: process.memoryUsage.rss() }
}

/** The same work in each turn: how long it takes, is what samples of its stack cost it. */
async function blocking(): Promise<Sample> {
  const startMs = performance.now()
  await (await fetch(`http://127.0.0.1:${port}/`)).text()
  const blockedMs = performance.now() - startMs
  // The report is made once the loop runs again.
  await delay(200)
  return { blockedMs }
}

function spin(times: number): number {
  let sum = 0
  for (let round = 0; round < times; round += 1) sum = (sum * 31 + round) % 1_000_003
  return sum
}
