import { on } from 'node:events'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { isMissingFile, ownThreadOptions, threadUrlOf } from '../../src/kit/own-thread.js'

afterEach(() => vi.unstubAllEnvs())

describe('the module of a thread', () => {
  const asked = { askedBy: 'blocked/worker-url', name: 'blocked-worker' }

  it.each([
    ['file:///srv/p/dist/blocked/worker-url.js', 'file:///srv/p/dist/blocked-worker.js'],
    ['file:///srv/p/src/blocked/worker-url.ts', 'file:///srv/p/dist/blocked-worker.js'],
    ['file:///srv/app/dist/main.js', undefined],
    ['file:///srv/app/dist/worker-url.js', undefined],
    [undefined, undefined],
  ])('asked for by %s is %s', (here, url) => {
    expect(threadUrlOf(undefined, { here, ...asked })?.href).toBe(url)
  })

  it.each([
    ['/srv/app/dist/w.js', 'file:///srv/app/dist/w.js'],
    ['w.js', pathToFileURL('w.js').href],
    ['file:///srv/w.js', 'file:///srv/w.js'],
    ['data:text/javascript,1', 'data:text/javascript,1'],
    [new URL('file:///srv/w.js'), 'file:///srv/w.js'],
  ])('may be given, as %s', (given, url) => {
    expect(threadUrlOf(given, { here: undefined, ...asked })?.href).toBe(url)
  })

  it('is missing if it is a file that is not there', () => {
    expect(isMissingFile(new URL('file:///srv/missing.js'))).toBe(true)
    expect(isMissingFile(new URL(import.meta.url))).toBe(false)
    expect(isMissingFile(new URL('data:text/javascript,1'))).toBe(false)
  })
})

/** What a thread of these options says of itself. */
async function started(options: object): Promise<unknown> {
  const said = `import { parentPort } from 'node:worker_threads'
    parentPort.postMessage([globalThis.isPreloaded === true, process.env.KEPT, process.execArgv])`
  const module = new URL(`data:text/javascript,${encodeURIComponent(said)}`)
  const worker = new Worker(module, options)
  for await (const [message] of on(worker, 'message')) return message
  return undefined
}

describe('a thread of our own', () => {
  it('has the variables of the process, and nothing that the host preloads by NODE_OPTIONS', async () => {
    vi.stubEnv('NODE_OPTIONS', '--import=data:text/javascript,globalThis.isPreloaded=true')
    vi.stubEnv('KEPT', 'kept')
    expect(await started({ execArgv: [], env: { ...process.env } })).toEqual([true, 'kept', []])
    expect(await started(ownThreadOptions('scs-test'))).toEqual([false, 'kept', []])
  })

  it("has all with Yarn's Plug'n'Play, without which it would find no package", () => {
    vi.stubGlobal('process', { ...process, versions: { ...process.versions, pnp: '3' } })
    try {
      expect(ownThreadOptions('scs-test')).toEqual({ name: 'scs-test' })
    } finally {
      vi.unstubAllGlobals()
    }
  })
})
