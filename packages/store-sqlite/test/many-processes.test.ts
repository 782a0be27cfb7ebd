import { fileURLToPath } from 'node:url'
import { checkManyProcesses } from '@fastify-scs/store/contract'
import { expect, it, vi } from 'vitest'
import { newPath } from './processes.js'

// Real processes and a real file, on a machine that may be busy.
vi.setConfig({ testTimeout: 170_000 })

const cwd = fileURLToPath(new URL('..', import.meta.url))

it('of 8 processes with 100 changes each on one record all changes are there', async () => {
  const merged = await checkManyProcesses({ url: `sqlite:${newPath()}`, cwd })
  // They did meet.
  expect(merged).toBeGreaterThan(8)
})
