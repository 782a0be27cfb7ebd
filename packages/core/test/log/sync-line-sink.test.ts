import { expect, it } from 'vitest'
import type { SinkListener } from '../../src/log/line-sink.js'
import { SyncLineSink } from '../../src/log/sync-line-sink.js'

const listener: SinkListener = {
  onFailure: () => undefined,
  onRecovery: () => undefined,
  onLoss: () => undefined,
  onWarning: () => undefined,
}

/** Timers for which the process would go on running. */
function awaitedTimers(): number {
  return process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length
}

it('a process can end while a sink waits to try a failing target again', () => {
  const before = awaitedTimers()
  const fail = (): never => {
    throw new Error('the disk is full')
  }
  const sink = new SyncLineSink(
    { beginLine: () => undefined, write: fail, close: () => {} },
    listener,
  )
  sink.write('a line\n')
  expect(sink.stats().pendingBytes).toBeGreaterThan(0)
  expect(awaitedTimers()).toBe(before)
  sink.close()
})

it('a process can end while a sink waits to check its path', () => {
  const before = awaitedTimers()
  const target = {
    beginLine: () => undefined,
    write: (data: string | Buffer) => Buffer.byteLength(data),
    follow: () => undefined,
    close: () => {},
  }
  const sink = new SyncLineSink(target, listener)
  sink.write('a line\n')
  expect(awaitedTimers()).toBe(before)
  sink.close()
})
