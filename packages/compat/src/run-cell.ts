import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Project } from './project.js'

/** What a run has told. */
export interface CellResult {
  readonly isGreen: boolean
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** What the test runner has printed. */
  readonly output: string
  readonly durationMs: number
}

/** After which a run is killed, in milliseconds. */
const TIMEOUT_MS = 300_000

/** Runs the smoke tests of a project with a binary of Node. */
export async function runCell(
  binary: string,
  { folder }: Project,
  postgresUrl: string,
): Promise<CellResult> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.mjs'))
  const begun = performance.now()
  const { NODE_OPTIONS: _ofThisProcess, ...environment } = process.env
  const child = spawn(
    binary,
    ['--test', '--test-concurrency=2', '--test-timeout=120000', '--test-reporter=tap', ...files],
    {
      cwd: folder,
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...environment,
        SCS_COMPAT_POSTGRES: postgresUrl,
        // Programs that the tests start by name run on the same Node.
        PATH: `${join(binary, '..')}:${process.env.PATH}`,
      },
    },
  )
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  const count = (what: string): number =>
    Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(output)?.[1] ?? 0)
  const passed = count('pass')
  return {
    // A run of no tests is not a green one.
    isGreen: code === 0 && passed > 0,
    passed,
    failed: count('fail'),
    skipped: count('skipped'),
    output: output + errors,
    durationMs: performance.now() - begun,
  }
}
