import { fileURLToPath } from 'node:url'
import { CheckedAdapter, checkManyProcesses } from '@fastify-scs/store/contract'
import { describe, expect, it, vi } from 'vitest'
import { SqliteStore } from '../src/index.js'
import { newPath } from './processes.js'

// Nine processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 150_000 })

describe('many processes', () => {
  it('that change one record at the same time lose no change', async () => {
    const path = newPath()
    const store = new CheckedAdapter(new SqliteStore({ path }))
    await store.open()
    await store.close()
    const merged = await checkManyProcesses({
      url: `sqlite:${path}`,
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      options: { adapterOptions: { busyTimeoutMs: 30_000 } },
    })
    expect(merged).toBeGreaterThan(0)
  })
})
