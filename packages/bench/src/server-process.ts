import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { nameOf, type Side } from './scenario.js'

const MAX_START_MS = 30_000
const MAX_STOP_MS = 2000

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
  const child = fork(fileURLToPath(side.module), [side.variant], {
    // Flags of the runner, such as --expose-gc, must not change what is measured.
    execArgv: [],
    // The runner's stdout is for its result alone.
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  try {
    const port = await listeningPort(child)
    if (child.pid === undefined) throw new Error('The server has no process id')
    return { pid: child.pid, port, stop: () => stop(child) }
  } catch (cause) {
    child.kill('SIGKILL')
    throw new Error(`Cannot start ${nameOf(side)}`, { cause })
  }
}

async function listeningPort(child: ChildProcess): Promise<number> {
  const settled = new AbortController()
  const signal = settled.signal
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => portOf(message)),
      once(child, 'exit', { signal }).then(([code, killedBy]) => {
        throw new Error(`It ended (${code ?? killedBy}) before it listened`)
      }),
      delay(MAX_START_MS, undefined, { signal }).then(() => {
        throw new Error(`It did not listen within ${MAX_START_MS} ms`)
      }),
    ])
  } finally {
    settled.abort()
  }
}

function portOf(message: unknown): number {
  if (typeof message === 'object' && message !== null && 'port' in message) {
    if (typeof message.port === 'number') return message.port
  }
  throw new Error(`It sent ${JSON.stringify(message)} instead of its port`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  if (child.connected) child.disconnect()
  const impatience = setTimeout(() => child.kill('SIGKILL'), MAX_STOP_MS)
  await ended
  clearTimeout(impatience)
}
