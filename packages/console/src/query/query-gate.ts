import { QueryTimeoutError } from '@fastify-scs/store'
import { BusyError } from '../api/refusals.js'

/** How many queries may run and wait. */
export interface GateLimits {
  readonly maxConcurrentQueries: number
  readonly maxWaitingQueries: number
  /** Milliseconds. */
  readonly maxQueryWaitMs: number
}

/** What has become of the queries. */
export interface GateCounts {
  readonly queries: number
  readonly waited: number
  readonly refused: number
  /** Those that the store has ended. */
  readonly timedOut: number
  /** How long they have run in all, in milliseconds. */
  readonly queryMs: number
}

/** Who asks. */
export interface Asker {
  /** Ends the wait: the client has left. */
  readonly signal?: AbortSignal | undefined
  /** Whether it waits as long as it takes: a download that is under way. @default false */
  readonly isPatient?: boolean
}

/** Lets few queries run at a time, for the whole console, so that looking never slows the service. The others wait in turn. */
export class QueryGate {
  readonly #limits: GateLimits
  readonly #waiting = new Set<() => void>()
  #running = 0
  /** Those of the waiting that wait for long only. */
  #patient = 0
  #queries = 0
  #waited = 0
  #refused = 0
  #timedOut = 0
  #queryMs = 0

  constructor(limits: GateLimits) {
    this.#limits = limits
  }

  get counts(): GateCounts {
    const queries = this.#queries
    const timedOut = this.#timedOut
    return {
      queries,
      waited: this.#waited,
      refused: this.#refused,
      timedOut,
      queryMs: this.#queryMs,
    }
  }

  /** Queries that wait for their turn. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** @throws BusyError, what the query throws, and the signal's reason once the client has left */
  async run<Result>(query: () => Promise<Result>, asker: Asker = {}): Promise<Result> {
    asker.signal?.throwIfAborted()
    if (this.#running < this.#limits.maxConcurrentQueries) this.#running++
    else await this.#turn(asker)
    this.#queries++
    const beganAt = performance.now()
    try {
      return await query()
    } catch (error) {
      if (error instanceof QueryTimeoutError) this.#timedOut++
      throw error
    } finally {
      this.#queryMs += performance.now() - beganAt
      const next = this.#waiting.values().next().value
      // Its turn is handed on, so that nobody slips in between.
      if (next === undefined) this.#running--
      else next()
    }
  }

  #turn({ signal, isPatient = false }: Asker): Promise<void> {
    const { maxWaitingQueries, maxQueryWaitMs } = this.#limits
    if (this.#waiting.size - this.#patient >= maxWaitingQueries && !isPatient) {
      this.#refused++
      throw new BusyError('Too many queries of the console wait for their turn', 1)
    }
    this.#waited++
    if (isPatient) this.#patient++
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#waiting.delete(begin)
        if (isPatient) this.#patient--
        clearTimeout(timer)
        signal?.removeEventListener('abort', leave)
      }
      const begin = () => {
        end()
        resolve()
      }
      const leave = () => {
        end()
        reject(signal?.reason)
      }
      const giveUp = () => {
        end()
        this.#refused++
        reject(new BusyError(`The query has waited ${maxQueryWaitMs} ms for its turn`, 1))
      }
      const timer = isPatient ? undefined : setTimeout(giveUp, maxQueryWaitMs).unref()
      signal?.addEventListener('abort', leave, { once: true })
      this.#waiting.add(begin)
    })
  }
}
