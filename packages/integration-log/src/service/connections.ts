import { within } from '@fastify-scs/core/kit'
import type { Dispatcher, Agent as UndiciAgent } from 'undici'
import type { ResolvedService } from '../service-options.js'
import { Agent, Client, isDestroyed, Pool, ProxyAgent } from '../transport/compat-undici.js'

/** How long calls under way may take when the app closes before their connections are destroyed, in milliseconds. */
export const CLOSE_AFTER_MS = 2_000

/** The connections of one service, opened when they are first needed. */
export class Connections {
  readonly #service: ResolvedService
  /** A closing agent forgets its pools and then cannot destroy them, so they are kept here. */
  readonly #pools = new Set<Dispatcher>()
  #agent: Dispatcher | undefined

  constructor(service: ResolvedService) {
    this.#service = service
  }

  /** The service's agent. @throws what undici throws for options that it does not take */
  agent(): Dispatcher {
    this.#agent ??= this.#open()
    return this.#agent
  }

  /** Takes no new calls, lets those under way end, and destroys the connections of those that have not ended in time. */
  async close(closeAfterMs: number): Promise<void> {
    const agent = this.#agent
    if (agent === undefined) return
    await within(agent.close(), closeAfterMs)
    await Promise.all([agent.destroy(), ...[...this.#pools].map((pool) => pool.destroy())])
    this.#pools.clear()
  }

  #open(): Dispatcher {
    const { proxy, agent } = this.#service
    const { factory = createPool } = agent
    const options: UndiciAgent.Options = {
      ...agent,
      factory: (origin, poolOptions) => this.#keep(factory(origin, poolOptions)),
    }
    return proxy === undefined ? new Agent(options) : new ProxyAgent({ ...options, uri: proxy })
  }

  #keep(pool: Dispatcher): Dispatcher {
    for (const each of this.#pools) if (isDestroyed(each)) this.#pools.delete(each)
    this.#pools.add(pool)
    return pool
  }
}

/** The same choice as undici's default. */
function createPool(origin: string | URL, options: object): Dispatcher {
  const { connections } = options as { connections?: number | null }
  return connections === 1 ? new Client(origin, options) : new Pool(origin, options)
}
