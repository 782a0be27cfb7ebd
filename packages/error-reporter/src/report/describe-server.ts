import { hostname } from 'node:os'
import type { FastifyInstance } from 'fastify'
import type { ServerReport } from './crash-report.js'
import type { LoopDelay } from './event-loop-delay.js'

/** What the options say of the service. */
export interface ServiceNames {
  readonly apiName: string
  readonly apiVersion: string | null
  readonly environment: string
}

/** The service and its process as they are now. */
export function describeServer(
  app: FastifyInstance,
  { apiName, apiVersion, environment }: ServiceNames,
  loopDelay: LoopDelay,
): ServerReport {
  const address = app.server.address()
  const { rss, heapUsed, heapTotal } = process.memoryUsage()
  return {
    api_name: apiName,
    api_version: apiVersion,
    environment,
    event_loop_delay: { max: loopDelay.max, mean: loopDelay.mean, p99: loopDelay.p99 },
    fqdn: hostname(),
    memory: { heap_total: heapTotal, heap_used: heapUsed, rss },
    node_version: process.version,
    pid: process.pid,
    port: typeof address === 'object' && address !== null ? address.port : null,
    uptime_seconds: Math.round(process.uptime()),
  }
}

/** Asks again only when the last answer is older than a second: memory and delays are slow to ask for. */
export function onceASecond<Answer>(ask: () => Answer): () => Answer {
  let answer: { readonly value: Answer; readonly atMs: number } | undefined
  return () => {
    const nowMs = performance.now()
    if (answer === undefined || nowMs - answer.atMs >= 1_000) {
      answer = { value: ask(), atMs: nowMs }
    }
    return answer.value
  }
}
