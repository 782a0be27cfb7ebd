import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bundler, type Bundles, deploy, makeBundles, removeFolder } from './bundle-service.js'
import { runIn } from './run-program.js'

const BUNDLERS: readonly Bundler[] = ['esbuild, ESM', 'esbuild, CommonJS', 'rollup, ESM']

describe.each(BUNDLERS)('a service in one file by %s', (bundler) => {
  const program = bundler === 'esbuild, CommonJS' ? 'commonjs-worker' : 'module-worker'
  const folders: string[] = []
  let bundles: Bundles

  beforeAll(async () => {
    bundles = await makeBundles(bundler, [program, 'no-worker'])
    folders.push(bundles.folder)
  }, 180_000)

  afterAll(() => folders.forEach(removeFolder))

  function place(name: string, hasWorker: boolean): string {
    const folder = deploy(bundles, name, hasWorker)
    folders.push(folder)
    return folder
  }

  it('keeps records and finds them again with the worker built beside it', async () => {
    const folder = place(program, true)
    const files = ['main.js', 'node_modules', 'package.json', 'worker.js']
    expect(readdirSync(folder).sort()).toEqual(files)
    expect(await runIn(folder, join(folder, 'main.js'))).toEqual({
      written: [200, 200, 500, 404],
      found: {
        events: ['Order 1 was seen', 'Order 2 was seen'],
        calls: ['/pay', '/pay'],
        reports: [expect.stringContaining('the pool is exhausted')],
      },
    })
  }, 60_000)

  it('does not start without the option workerUrl, and the error says so', async () => {
    const folder = place('no-worker', false)
    expect(await runIn(folder, join(folder, 'main.js'))).toEqual({ failure: missingWorker() })
  }, 60_000)

  it("does not take another module that is called worker.js for the store's", async () => {
    const folder = place('no-worker', false)
    writeFileSync(join(folder, 'worker.js'), 'setInterval(() => {}, 1_000)')
    expect(await runIn(folder, join(folder, 'main.js'))).toEqual({ failure: missingWorker() })
  }, 60_000)

  it('does not start when the file that workerUrl names is not there', async () => {
    const folder = place(program, false)
    expect(await runIn(folder, join(folder, 'main.js'))).toEqual({
      failure: { ...missingWorker(), message: expect.stringContaining(join(folder, 'worker.js')) },
    })
  }, 60_000)
})

function missingWorker() {
  return {
    code: 'SCS_STORE_ERR_WORKER_MISSING',
    message: expect.stringContaining('workerUrl'),
  }
}
