import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { COUNTERS } from '../../src/threads/protocol.js'
import { workerUrlOf } from '../../src/threads/worker-url.js'
import { Checkpointer } from '../../src/writer/checkpointer.js'
import { connect, newPath } from '../processes.js'

// Real files and threads, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const LONG_MS = 20_000

/** A file of which a megabyte is in the log only, and what writes another one. */
function logged(): { path: string; write: () => void } {
  const path = newPath()
  const connection = connect(path)
  connection.exec(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
    CREATE TABLE texts (text)`)
  const write = () => connection.exec(`INSERT INTO texts VALUES ('${'x'.repeat(1_000_000)}')`)
  write()
  return { path, write }
}

function newCheckpointer(path: string): Checkpointer {
  const checkpointer = new Checkpointer({
    path,
    driver: undefined,
    counters: new Int32Array(COUNTERS),
    workerUrl: workerUrlOf(undefined),
  })
  onTestFinished(() => checkpointer.close(LONG_MS))
  return checkpointer
}

describe('the checkpointer', () => {
  it('moves the log into the file, also while its thread is still starting', () => {
    const { path } = logged()
    expect(statSync(path).size).toBeLessThan(10_000)
    const checkpointer = newCheckpointer(path)
    checkpointer.ask()
    checkpointer.rest(LONG_MS)
    expect(statSync(path).size).toBeGreaterThan(1_000_000)
  })

  it('starts another thread when one has died', async () => {
    const { path, write } = logged()
    const posts = vi.spyOn(Worker.prototype, 'postMessage')
    onTestFinished(() => posts.mockRestore())
    const checkpointer = newCheckpointer(path)
    checkpointer.ask()
    checkpointer.rest(LONG_MS)
    await (posts.mock.contexts.at(-1) as Worker).terminate()
    write()
    checkpointer.ask()
    checkpointer.rest(LONG_MS)
    expect(statSync(path).size).toBeGreaterThan(2_000_000)
  })

  it('closes the file when it is closed', async () => {
    const { path } = logged()
    const posts = vi.spyOn(Worker.prototype, 'postMessage')
    onTestFinished(() => posts.mockRestore())
    const checkpointer = newCheckpointer(path)
    checkpointer.ask()
    checkpointer.close(LONG_MS)
    const worker = posts.mock.contexts.at(-1) as Worker
    await vi.waitFor(() => expect(worker.threadId).toBe(-1), { timeout: LONG_MS })
    expect(statSync(path).size).toBeGreaterThan(1_000_000)
  })
})
