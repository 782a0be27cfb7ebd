import { nextMessage, startChild, stopChild } from './child.js'
import { type Answer, Connection } from './connection.js'
import { settledCpuTimeNs } from './cpu-time.js'
import { nameOf, type Side } from './side.js'

const CONNECTIONS = 16
const REQUESTS_PER_CONNECTION = 12

/** Requests of one burst: enough to measure, short enough that both sides meet the same weather. */
export const REQUESTS_PER_BURST: number = CONNECTIONS * REQUESTS_PER_CONNECTION

/** A running server with its open connections. */
export class Contestant {
  readonly #side: Side
  readonly #server: ServerProcess
  readonly #connections: readonly Connection[]

  private constructor(side: Side, server: ServerProcess, connections: readonly Connection[]) {
    this.#side = side
    this.#server = server
    this.#connections = connections
  }

  /** Starts the server of a side, connects to it, hands it over, and ends it whatever happens. */
  static async with<T>(side: Side, use: (contestant: Contestant) => Promise<T>): Promise<T> {
    const server = await startServer(side)
    const connections: Connection[] = []
    try {
      for (let count = 0; count < CONNECTIONS; count += 1) {
        connections.push(await Connection.open(server.port, side))
      }
      return await use(new Contestant(side, server, connections))
    } finally {
      for (const connection of connections) connection.close()
      await server.stop()
    }
  }

  /** Sends one burst, which ends with the last answer and what it leaves behind, and returns an answer of it. */
  async burst(onAnswer?: (elapsedMs: number) => void): Promise<Answer> {
    try {
      const [[answer]] = await Promise.all([
        Promise.all(this.#connections.map((one) => one.ask(REQUESTS_PER_CONNECTION, onAnswer))),
        this.#side.deliveries?.(REQUESTS_PER_BURST),
      ])
      if (answer === undefined) throw new Error('A burst without an answer')
      return answer
    } catch (cause) {
      throw new Error(`A burst to ${nameOf(this.#side)} failed`, { cause })
    }
  }

  /** How long each answer of so many bursts took, in milliseconds. */
  async measureAnswers(bursts: number): Promise<readonly number[]> {
    const elapsedMs: number[] = []
    for (let count = 0; count < bursts; count += 1) await this.burst((ms) => elapsedMs.push(ms))
    return elapsedMs
  }

  /** The CPU time in nanoseconds that the server needs for one burst. */
  async measureBurst(): Promise<number> {
    const beforeNs = await settledCpuTimeNs(this.#server.pid)
    await this.burst()
    const usedNs = (await settledCpuTimeNs(this.#server.pid)) - beforeNs
    if (!(usedNs > 0)) throw new Error(`schedstat shows ${usedNs} ns of CPU time for a burst`)
    return usedNs
  }
}

/** A server in a process of its own, so that its CPU time is its own too. */
export interface ServerProcess {
  readonly pid: number
  readonly port: number
  /** Lets the process end by itself, and kills it when it does not. */
  stop(): Promise<void>
}

/**
 * Starts the server of a side and waits until it listens.
 *
 * @throws Error when it ends before that or takes too long
 */
export async function startServer(side: Side): Promise<ServerProcess> {
  const { module, variant, args = [], execArgv = [] } = side
  const child = startChild({ module, args: [variant, ...args], execArgv })
  try {
    const port = portOf(await nextMessage(child, 'listen'))
    if (child.pid === undefined) throw new Error('The server has no process id')
    return { pid: child.pid, port, stop: () => stopChild(child) }
  } catch (cause) {
    child.kill('SIGKILL')
    throw new Error(`Cannot start ${nameOf(side)}`, { cause })
  }
}

function portOf(message: unknown): number {
  if (typeof message === 'object' && message !== null && 'port' in message) {
    if (typeof message.port === 'number') return message.port
  }
  throw new Error(`It sent ${JSON.stringify(message)} instead of its port`)
}
