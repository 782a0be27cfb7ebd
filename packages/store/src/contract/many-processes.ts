import assert from 'node:assert/strict'
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createRecordId, type StoreRecord } from '@fastify-scs/core/kit'
import type { StoreOptions } from '../options.js'

/** What the processes are to do. */
export interface ManyProcesses {
  /** URL of a store that is there and up to date. */
  readonly url: string
  /** Folder from which the package of the URL's adapter is found: that of the package itself does. */
  readonly cwd: string
  /** @default 8 */
  readonly processes?: number
  /** Of each process. @default 100 */
  readonly changes?: number
  /** Of the store plugin; plain data. */
  readonly options?: StoreOptions
}

/** What one process is told. */
export interface ChangingTask {
  readonly url: string
  readonly options: StoreOptions
  readonly id: string
  readonly createdAt: number
  readonly process: number
  readonly changes: number
}

/** What one process tells. */
export interface ChangingResult {
  readonly lastStamp: number
  /** Versions that met one of another process. */
  readonly merged: number
  readonly lost: number
  /** The record as this process has read it at its end. */
  readonly data: StoreRecord['data'] | undefined
}

/**
 * Lets many processes change one record at the same time, each a key of its own and one field that all share, and asserts that
 * every change is there, that the shared field has the last value, and that no change was given up.
 *
 * @returns how many versions had to be merged with one of another process
 */
export async function checkManyProcesses({
  url,
  cwd,
  processes = 8,
  changes = 100,
  options = {},
}: ManyProcesses): Promise<number> {
  const record = { id: createRecordId(), createdAt: Date.now() }
  // A flush waits for its turn among all others, on a machine that may be busy.
  const patient = { closeTimeoutMs: 60_000, ...options }
  const taskOf = (process: number) => ({ url, options: patient, ...record, process, changes })
  const results = await runAll(
    Array.from({ length: processes }, (_, process) => taskOf(process)),
    cwd,
  )
  assert.deepEqual(
    results.map(({ lost }) => lost),
    results.map(() => 0),
    'changes that are lost',
  )
  const [reader] = await runAll([{ ...taskOf(processes), changes: 0 }], cwd)
  const { status, data } = (reader?.data ?? {}) as {
    readonly status?: string
    readonly data?: object
  }
  const expected = results.flatMap((_, process) =>
    Array.from({ length: changes }, (_each, number) => [`p${process}_${number}`, number] as const),
  )
  const byName = (one: readonly [string, unknown], other: readonly [string, unknown]) =>
    one[0] < other[0] ? -1 : 1
  assert.deepEqual(Object.entries(data ?? {}).sort(byName), expected.sort(byName))
  const lastStamp = Math.max(...results.map((result) => result.lastStamp))
  const last = results.flatMap((result, process) =>
    result.lastStamp === lastStamp ? [`p${process}_${changes - 1}`] : [],
  )
  assert.ok(last.includes(String(status)), `${status} is the last value, of ${last.join(', ')}`)
  return results.reduce((sum, { merged }) => sum + merged, 0)
}

/** Starts a process for each task, lets all begin at once, and waits for their ends. */
async function runAll(tasks: readonly ChangingTask[], cwd: string): Promise<ChangingResult[]> {
  const runs = tasks.map((task) => new ChangingRun(task, cwd))
  try {
    await Promise.all(runs.map((run) => run.untilReady()))
    for (const run of runs) run.begin()
    return await Promise.all(runs.map((run) => run.result()))
  } finally {
    for (const run of runs) run.kill()
  }
}

/** One process. */
class ChangingRun {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #end: Promise<unknown[]>
  #output = ''

  constructor(task: ChangingTask, cwd: string) {
    const program = fileURLToPath(new URL('./changing-process.js', import.meta.url))
    this.#child = spawn(process.execPath, [program, JSON.stringify(task)], { cwd, stdio: 'pipe' })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text
      })
    }
    this.#end = once(this.#child, 'close')
  }

  async untilReady(): Promise<void> {
    while (!this.#output.includes('ready\n')) {
      const said = once(this.#child.stdout, 'data').then(() => undefined)
      const code = await Promise.race([said, this.#end])
      assert.equal(code, undefined, `a process ended before it was ready:\n${this.#output}`)
    }
  }

  begin(): void {
    this.#child.stdin.write('begin\n')
  }

  async result(): Promise<ChangingResult> {
    const [code] = await this.#end
    assert.equal(code, 0, `a process failed:\n${this.#output}`)
    return JSON.parse(this.#output.trim().split('\n').at(-1) ?? '') as ChangingResult
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
