import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  CHUNK_BYTES,
  FOLLOW_MS,
  MAX_EAGER_TRIES,
  MAX_PENDING_BYTES,
  RETRY_MS,
} from '../../src/log/sync-line-sink.js'
import { buildApp } from '../build-app.js'
import { fullDisk } from './full-disk.js'

// Watched in place, so that modules which have imported them before are watched too.
beforeEach(() => {
  for (const name of ['statSync', 'openSync', 'writeSync'] as const) vi.spyOn(fs, name)
  syncBuiltinESMExports()
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  syncBuiltinESMExports()
})

it('the path is checked at most once a second, however many lines are written', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const folder = fs.mkdtempSync(join(tmpdir(), 'scs-checks-'))
  const { app } = await buildApp({ audit: { file: { path: join(folder, 'audit.log') } } })
  app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: 'x' })
  const looks = vi.mocked(fs.statSync)
  looks.mockClear()
  for (let second = 0; second < 5; second++) {
    for (let n = 0; n < 1000; n++) app.scs.addAuditEvent('seen')
    vi.advanceTimersByTime(FOLLOW_MS)
  }
  expect(looks.mock.calls.length).toBeLessThanOrEqual(5)
  expect(looks.mock.calls.length).toBeGreaterThan(0)
  await app.close()
  fs.rmSync(folder, { recursive: true })
})

it('a file on a full disk is tried only a few times, however many lines there are, and 1 MiB of waiting lines takes few writes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  const folder = fs.mkdtempSync(join(tmpdir(), 'scs-checks-'))
  const disk = fullDisk(folder)
  const { app } = await buildApp({ audit: { file: { path: disk.path } } })
  app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: '{n}' })
  const opens = vi.mocked(fs.openSync)
  const writes = vi.mocked(fs.writeSync)
  opens.mockClear()
  writes.mockClear()
  for (let n = 0; n < 5000; n++) app.scs.addAuditEvent('seen', { n })
  expect(opens.mock.calls.length).toBeLessThanOrEqual(MAX_EAGER_TRIES)
  expect(writes.mock.calls.length).toBeLessThanOrEqual(MAX_EAGER_TRIES)
  const path = disk.makeRoom()
  writes.mockClear()
  vi.advanceTimersByTime(RETRY_MS)
  expect(fs.readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(5000)
  expect(writes.mock.calls.length).toBeLessThanOrEqual(MAX_PENDING_BYTES / CHUNK_BYTES + 2)
  await app.close()
  fs.rmSync(folder, { recursive: true })
})
