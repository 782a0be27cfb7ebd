import { nextMessage, startChild, stopChild } from './child.js'
import { nameOf, type Side } from './scenario.js'

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
