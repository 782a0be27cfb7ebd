import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SqliteStore } from '@fastify-scs/store-sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { measureViews } from '../src/scenarios/console-views.js'

describe.skipIf(process.platform !== 'linux')('the views of the console', () => {
  it('are all looked at in a store that was filled, and cost something', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fastify-scs-views-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const adapter = new SqliteStore({ path: join(folder, 'scs.db') })
    const reports = await measureViews('views', {
      adapter,
      requests: 2_000,
      groups: 500,
      routeMinutes: 60,
      turns: 1,
    })
    expect(reports.length).toBeGreaterThan(50)
    for (const { figure, absolute, isMet } of reports) {
      expect(absolute.a, figure).toBeGreaterThan(0)
      expect(isMet, figure).not.toBeNull()
    }
  })
})
