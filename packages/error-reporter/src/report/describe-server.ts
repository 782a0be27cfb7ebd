import { hostname } from 'node:os'
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'
import type { ServerReport } from './crash-report.js'

const RESOLUTION_MS = 20
const WINDOW_MS = 10_000

/** What the options say of the service. */
export interface ServiceNames {
  readonly apiName: string
  readonly apiVersion: string | null
  readonly commit: string | null
  readonly environment: string
}

/** The service and its process as they are now. */
export function describeServer(
  app: FastifyInstance,
  { apiName, apiVersion, commit, environment }: ServiceNames,
  loopDelay: LoopDelay,
): ServerReport {
  const address = app.server.address()
  const { rss, heapUsed, heapTotal } = process.memoryUsage()
  return {
    api_name: apiName,
    api_version: apiVersion,
    commit,
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

/** Calls the function again only when its last answer is older than a second: memory and delays are slow to read. */
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

/** How late timers are, in milliseconds. */
export interface LoopDelay {
  readonly mean: number
  readonly p99: number
  readonly max: number
}

/**
 * Measures how late timers are, over the last 10 to 20 seconds. Node itself takes the samples, 50 a second; no JavaScript
 * runs for them.
 */
export class EventLoopDelay {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  readonly #timer: NodeJS.Timeout
  #lastWindow: LoopDelay = { mean: 0, p99: 0, max: 0 }

  constructor() {
    this.#histogram.enable()
    this.#timer = setInterval(() => {
      this.#lastWindow = this.#now()
      this.#histogram.reset()
    }, WINDOW_MS).unref()
  }

  /** The higher values of the current and the last window. */
  read(): LoopDelay {
    const now = this.#now()
    const { mean, p99, max } = this.#lastWindow
    return {
      mean: Math.max(mean, now.mean),
      p99: Math.max(p99, now.p99),
      max: Math.max(max, now.max),
    }
  }

  close(): void {
    clearInterval(this.#timer)
    this.#histogram.disable()
  }

  #now(): LoopDelay {
    const { mean, max } = this.#histogram
    return {
      mean: lateMs(mean),
      p99: lateMs(this.#histogram.percentile(99)),
      // Without a sample the histogram has the smallest or the largest number there is.
      max: lateMs(this.#histogram.count === 0 ? 0 : max),
    }
  }
}

/** A sample is the time between two ticks, in nanoseconds; what exceeds the resolution is the delay. */
function lateMs(intervalNs: number): number {
  const late = Number.isFinite(intervalNs) ? intervalNs / 1e6 - RESOLUTION_MS : 0
  return Math.max(0, Math.round(late * 10) / 10)
}
