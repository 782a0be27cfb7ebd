import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** What a program has printed and how it ended. */
export interface Ended {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** What every program begins with. */
export const PREAMBLE = `
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs'
import Fastify from ${JSON.stringify(import.meta.resolve('fastify'))}
import scs, { scsLogger } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)}
const path = process.argv[1]
`

/** Starts a program of the built package; `path` is its variable. With `maxBlocks` no file grows beyond so many KiB. */
export function startProgram(program: string, path: string, maxBlocks?: number): ChildProcess {
  const node = ['--input-type=module', '-e', PREAMBLE + program, path]
  const stdio: ['pipe', 'pipe', 'pipe'] = ['pipe', 'pipe', 'pipe']
  if (maxBlocks === undefined) return spawn(process.execPath, node, { stdio, detached: true })
  const limited = `ulimit -S -f ${maxBlocks}; exec "$0" "$@"`
  return spawn('bash', ['-c', limited, process.execPath, ...node], { stdio, detached: true })
}

/** Collects what a program prints until it has ended. */
export async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { stdout, stderr, code, signal }
}
