import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { workerUrlOf } from '../../src/blocked/worker-url.js'
import { resolveOptions } from '../../src/options.js'
import { until } from '../build-app.js'
import { startServer } from './blocked-server.js'

it('a second without a turn of the event loop is a block by default', () => {
  expect(resolveOptions({}).blockedAfterMs).toBe(1_000)
  expect(resolveOptions({ blockedAfterMs: false }).blockedAfterMs).toBe(false)
})

it.each([
  [{ blockedAfterMs: 100 }, 'blockedAfterMs'],
  [{ blockedAfterMs: true }, 'blockedAfterMs'],
  [{ blockedFolder: '' }, 'blockedFolder'],
  [{ blockedWorkerUrl: 5 }, 'blockedWorkerUrl'],
  [{ onBlocked: 'log' }, 'onBlocked'],
])('%j is refused', (options, path) => {
  expect(() => resolveOptions(options as object)).toThrow(`Option ${path}: expected`)
})

it("the module of the thread is this package's, or the one that is named, if it is there", () => {
  const own = workerUrlOf(undefined)
  expect(own?.href).toMatch(/\/slow-call\/dist\/blocked-worker\.js$/)
  expect(existsSync(own ?? '')).toBe(true)
  expect(workerUrlOf(import.meta.filename)?.href).toBe(pathToFileURL(import.meta.filename).href)
  expect(workerUrlOf(new URL(import.meta.url))?.href).toBe(import.meta.url)
  expect(workerUrlOf('/srv/missing.js')).toBeUndefined()
})

it('a service whose thread has no file starts, and the log says what to do', async () => {
  const given = { blockedWorkerUrl: '/srv/missing.js' }
  const server = await startServer(given, { isWatched: false })
  await until(() => server.stderr().includes('name it as blockedWorkerUrl'))
  await server.get('/loop/1?ms=600')
  expect(await server.stats()).toMatchObject({ isWatched: false, blocked: 0 })
})
