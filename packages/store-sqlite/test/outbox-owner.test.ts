import { readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import {
  canContain,
  newPath,
  numbersOf,
  start,
  startContained,
  type TestProcess,
} from './processes.js'

// Real files, threads and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

/** Nothing leaves for the database: the file is all that a process has when it is killed. */
const ONLY_IN_THE_FILE = '{"durability":"process","flushMs":60000,"batchRecords":5000}'

/** The numbers that a host has said; each before it wrote the record, so that the last one may be missing. */
function saidBy(host: TestProcess): number[] {
  // Node 22 says beside them that its SQLite is experimental.
  const lines = host
    .output()
    .split('\n')
    .filter((line) => /^\d+ /.test(line))
  return lines.map((line) => Number(line.split(' ')[0])).slice(0, -1)
}

function pretendToBeOld(outboxPath: string): void {
  const old = new Date(Date.now() - 3_600_000)
  for (const name of readdirSync(outboxPath)) utimesSync(join(outboxPath, name), old, old)
}

async function missingFrom(path: string, numbers: readonly number[]): Promise<number[]> {
  const stored = new Set(await numbersOf(path))
  return numbers.filter((number) => !stored.has(number))
}

describe('a live process keeps its outbox files, and what it wrote is there after kill -9', () => {
  it('although it was stopped for a long time', async () => {
    const path = newPath()
    const host = start('host', path, 'stream', '0', ONLY_IN_THE_FILE)
    await host.untilSaid('\n200 ')
    host.child.kill('SIGSTOP')
    pretendToBeOld(`${path}.outbox`)
    expect(await start('host', path, 'close', '0', '{"durability":"process"}').ended()).toBe(0)
    host.child.kill('SIGCONT')
    await host.untilSaid('\n1000 ')
    host.child.kill('SIGKILL')
    await host.ended()
    expect(await start('host', path, 'close', '0', '{"durability":"process"}').ended()).toBe(0)
    expect(await missingFrom(path, saidBy(host))).toEqual([])
    // A reader that closes last, which it may, leaves the empty log of the database.
    const left = readdirSync(join(path, '..')).filter((name) => !/-(wal|shm)$/.test(name))
    expect(left).toEqual(['scs.db'])
  })

  it.skipIf(!canContain())(
    'though another container has the same host name and process id',
    async () => {
      const path = newPath()
      const host = startContained('host', path, 'stream', '0', ONLY_IN_THE_FILE)
      await host.untilSaid('\n200 ')
      // The other one did not begin in the same second.
      await new Promise((resolve) => setTimeout(resolve, 3_000))
      const other = startContained('host', path, 'close', '0', '{"durability":"process"}')
      expect(await other.ended()).toBe(0)
      await host.untilSaid('\n1000 ')
      host.child.kill('SIGKILL')
      await host.ended()
      // The container ends a moment after the process that made it.
      await vi.waitFor(
        async () => {
          const next = startContained('host', path, 'close', '0', '{"durability":"process"}')
          expect(await next.ended()).toBe(0)
          expect(await missingFrom(path, saidBy(host))).toEqual([])
        },
        // Each attempt is a process, which takes seconds where the machine is busy.
        { timeout: 120_000 },
      )
    },
  )
})
