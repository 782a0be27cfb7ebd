import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { FOLLOW_MS } from '../../src/log/sync-line-sink.js'
import { buildApp } from '../build-app.js'

vi.mock('node:fs', { spy: true })

afterEach(() => {
  vi.useRealTimers()
})

it('the path is looked at once a second at most, however many lines there are', async () => {
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
