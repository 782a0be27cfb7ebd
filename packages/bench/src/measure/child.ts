import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const MAX_START_MS = 30_000
const MAX_STOP_MS = 2000

/** A compiled module that a child process runs, and its arguments. */
export interface Program {
  readonly module: URL
  readonly args: readonly string[]
  /** Node's own options. @default none */
  readonly execArgv?: readonly string[]
}

/** How messages call a program. */
export function nameOfProgram({ module, args }: Program): string {
  return [basename(module.pathname, '.js'), ...args].join(' ')
}

/** Starts a program in a process of its own, with a channel for messages. */
export function startChild({ module, args, execArgv = [] }: Program): ChildProcess {
  return fork(fileURLToPath(module), [...args], {
    // Flags of the runner, such as --expose-gc, must not change what is measured.
    execArgv: [...execArgv],
    // The runner's stdout is for its result alone.
    stdio: ['ignore', 2, 2, 'ipc'],
  })
}

/**
 * The next message of a child.
 *
 * @param verb what the message does, as errors say it: `listen`, `answer`
 * @throws Error when the child ends before or takes too long
 */
export async function nextMessage(
  child: ChildProcess,
  verb: string,
  maxMs: number = MAX_START_MS,
): Promise<unknown> {
  const settled = new AbortController()
  const signal = settled.signal
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message),
      once(child, 'exit', { signal }).then(([code, killedBy]) => {
        throw new Error(`It ended (${code ?? killedBy}) before it ${verb}ed`)
      }),
      delay(maxMs, undefined, { signal }).then(() => {
        throw new Error(`It did not ${verb} within ${maxMs} ms`)
      }),
    ])
  } finally {
    settled.abort()
  }
}

/** Lets a child end by itself, and kills it when it does not. */
export async function stopChild(child: ChildProcess, maxMs: number = MAX_STOP_MS): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  if (child.connected) child.disconnect()
  const impatience = setTimeout(() => child.kill('SIGKILL'), maxMs)
  await ended
  clearTimeout(impatience)
}
