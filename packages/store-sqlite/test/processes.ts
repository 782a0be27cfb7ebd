import {
  type ChildProcess,
  type ChildProcessWithoutNullStreams,
  spawn,
  spawnSync,
} from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FoundRecord } from '@fastify-scs/store'
import { CheckedAdapter } from '@fastify-scs/store/contract'
import { onTestFinished } from 'vitest'
import { chooseDriver } from '../src/driver/choose-driver.js'
import type { Connection } from '../src/driver/driver.js'
import { SqliteStore } from '../src/index.js'

/** A process of the test, and what it has said. */
export interface TestProcess {
  readonly child: ChildProcess
  /** Its whole output, so far. */
  output(): string
  /** Waits until the output contains a text. */
  untilSaid(text: string): Promise<void>
  /** Waits for its end; the exit code, or the signal. */
  ended(): Promise<number | string>
}

type ProcessName = 'host' | 'locker' | 'counter' | 'migrator'

/** Starts `processes/<name>.mjs`; it is killed when the test ends. */
export function start(name: ProcessName, ...args: readonly string[]): TestProcess {
  return watch(spawn(process.execPath, [fileOf(name), ...args], { stdio: 'pipe' }))
}

/** What `unshare` needs to make a process the first of its own container. */
const CONTAINER = ['--pid', '--fork', '--kill-child', '--mount-proc']

/** Whether this process may make containers. */
export function canContain(): boolean {
  return spawnSync('unshare', [...CONTAINER, 'true']).status === 0
}

/** As `start`, as process 1 of a container that shares the file system and the host's name. */
export function startContained(name: ProcessName, ...args: readonly string[]): TestProcess {
  const command = [...CONTAINER, process.execPath, fileOf(name), ...args]
  return watch(spawn('unshare', command, { stdio: 'pipe' }))
}

function fileOf(name: ProcessName): string {
  return fileURLToPath(new URL(`processes/${name}.mjs`, import.meta.url))
}

function watch(child: ChildProcessWithoutNullStreams): TestProcess {
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      child.emit('said')
    })
  }
  const end = once(child, 'close') as Promise<[number | null, string | null]>
  return {
    child,
    output: () => output,
    async untilSaid(text) {
      while (!output.includes(text)) {
        const isOver = await Promise.race([
          once(child, 'said').then(() => false),
          end.then(() => true),
        ])
        if (isOver && !output.includes(text))
          throw new Error(`it ended without "${text}":\n${output}`)
      }
    },
    async ended() {
      const [code, signal] = await end
      return code ?? signal ?? 'nothing'
    },
  }
}

/** The path of a file, which is not there yet, in a folder that goes when the test ends. */
export function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'scs-sqlite-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'scs.db')
}

/** A connection of the test's own; by the same driver, as SQLite's locks want it within one process. */
export function connect(path: string): Connection {
  const connection = chooseDriver(undefined).open(path, { isReadOnly: false })
  onTestFinished(() => {
    connection.close()
  })
  return connection
}

/** Every record of a file, oldest first. */
export async function recordsOf(path: string): Promise<FoundRecord[]> {
  const store = new CheckedAdapter(new SqliteStore({ path }))
  await store.open()
  try {
    const found: FoundRecord[] = []
    for (
      let cursor: string | undefined, isFirst = true;
      isFirst || cursor !== undefined;
      isFirst = false
    ) {
      const filter = { limit: 500, ...(cursor === undefined ? {} : { cursor }) }
      const page = await store.find('integration_requests', filter)
      found.push(...page.items)
      cursor = page.nextCursor
    }
    return found.reverse()
  } finally {
    await store.close()
  }
}

/** The numbers that the host process gave its records, in the order in which they are stored by time and id. */
export async function numbersOf(path: string): Promise<number[]> {
  return (await recordsOf(path)).map(({ data }) => data.number as number)
}

/** 0, 1, 2 ... */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
