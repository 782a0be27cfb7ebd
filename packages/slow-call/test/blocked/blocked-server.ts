import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { BlockedReport, BlockedStats } from '@fastify-scs/slow-call'
import { onTestFinished } from 'vitest'
import { until } from '../build-app.js'

const PROGRAM = join(import.meta.dirname, '..', 'programs', 'blocked-server.mjs')

/** A service of its own process, whose routes hold its event loop. */
export interface BlockedServer {
  readonly child: ChildProcess
  readonly address: string
  readonly reports: readonly BlockedReport[]
  /** What it has written to the standard error output so far. */
  stderr(): string
  /** Calls a route; undefined where the process ended before it answered. */
  get(path: string): Promise<string | undefined>
  /** The report with this index, from 0, as soon as it has come. */
  report(index?: number): Promise<BlockedReport>
  stats(): Promise<BlockedStats>
  /** Ends it, and says how it ended. */
  end(signal: NodeJS.Signals): Promise<number | string>
  ended(): Promise<number | string>
}

/** Starts the service with options of slow-call, and of Node.js, and waits until it watches its event loop. */
export async function startServer(
  options: object = {},
  {
    execArgv = [],
    isWatched = true,
    nodeOptions,
  }: { execArgv?: string[]; isWatched?: boolean; nodeOptions?: string } = {},
): Promise<BlockedServer> {
  const given = JSON.stringify({ blockedAfterMs: 400, ...options })
  const child = spawn(process.execPath, [...execArgv, PROGRAM, given], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(nodeOptions !== undefined && { NODE_OPTIONS: nodeOptions }) },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const closed = once(child, 'close')
  const reports: BlockedReport[] = []
  let address = ''
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line) as { address?: string; report?: BlockedReport }
    if (said.address !== undefined) address = said.address
    if (said.report !== undefined) reports.push(said.report)
  })
  const get = async (path: string): Promise<string | undefined> => {
    try {
      return await (await fetch(`${address}${path}`)).text()
    } catch {
      return undefined
    }
  }
  const stats = async (): Promise<BlockedStats> =>
    JSON.parse((await get('/stats')) ?? '') as BlockedStats
  const ended = async (): Promise<number | string> => {
    const [code, signal] = (await closed) as [number | null, string | null]
    return code ?? signal ?? ''
  }
  await until(() => address !== '' || child.exitCode !== null)
  if (isWatched) while (!(await stats()).isWatched);
  return {
    child,
    address,
    reports,
    stderr: () => stderr,
    get,
    stats,
    report: async (index = 0) => {
      await until(() => reports.length > index)
      return reports[index] as BlockedReport
    },
    end: (signal) => {
      child.kill(signal)
      return ended()
    },
    ended,
  }
}
