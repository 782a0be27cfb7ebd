import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { ErrorReporterOptions } from '@fastify-scs/error-reporter'
import { onTestFinished } from 'vitest'

const PROGRAM = join(import.meta.dirname, 'programs/instance.mjs')

/** What an instance has reported. */
export interface Reported {
  readonly title: string
  readonly status: string
  readonly occurrences: number
  readonly is_regression: boolean
}

/** What an instance is started with. */
export interface InstanceOptions {
  readonly url: string
  readonly release?: string
  /** How far its clock is ahead. */
  readonly clockMs?: number
  readonly isConsole?: boolean
  readonly reporter?: ErrorReporterOptions
}

type Answer = { readonly answer: unknown } | { readonly failure: string }

/** A service in a process of its own that crashes when it is told to. */
export class Instance {
  readonly #child: ChildProcess
  /** Where it listens; only with the console. */
  readonly address: string

  private constructor(child: ChildProcess, address: string) {
    this.#child = child
    this.address = address
  }

  static async start(options: InstanceOptions): Promise<Instance> {
    const child = fork(PROGRAM, [JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    child.stdout?.resume()
    child.stderr?.resume()
    onTestFinished(() => void child.kill('SIGKILL'))
    const { address = '' } = (await answerOf(child)) as { address?: string }
    return new Instance(child, address)
  }

  crash(times: number, more: { pauseMs?: number; what?: string } = {}): Promise<Reported[]> {
    return this.#ask({ command: 'crash', times, ...more }) as Promise<Reported[]>
  }

  /** What it has reported since it was asked last. */
  reports(): Promise<Reported[]> {
    return this.#ask({ command: 'reports' }) as Promise<Reported[]>
  }

  async close(): Promise<Reported[]> {
    return (await this.#ask({ command: 'close' })) as Reported[]
  }

  stats(): Promise<{ storeFailures: number; suppressed: number; reported: { fatal: number } }> {
    return this.#ask({ command: 'stats' }) as never
  }

  async #ask(command: object): Promise<unknown> {
    const answer = answerOf(this.#child)
    this.#child.send(command)
    return answer
  }
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code, signal]) => [{ failure: `ended with ${code ?? signal}` }]),
  ])) as [Answer]
  if ('failure' in message) throw new Error(message.failure)
  return message.answer
}
