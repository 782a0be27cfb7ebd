import { cpSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bundler, type Bundles, deploy, makeBundles, removeFolder } from './bundle-service.js'
import { REPOSITORY } from './examples/find-examples.js'
import { runIn } from './run-program.js'

const BUNDLERS: readonly Bundler[] = ['esbuild, ESM', 'esbuild, CommonJS', 'rollup, ESM']

describe.each(BUNDLERS)('a service in one file by %s', (bundler) => {
  const program = bundler === 'esbuild, CommonJS' ? 'commonjs-worker' : 'module-worker'
  const folders: string[] = []
  let bundles: Bundles

  beforeAll(async () => {
    // What waits at its top level cannot be CommonJS.
    const modules = bundler === 'esbuild, CommonJS' ? [] : ['threads']
    // Rollup takes long for it, and its bundle is a module as esbuild's is.
    const consoles = bundler === 'rollup, ESM' ? [] : ['console']
    bundles = await makeBundles(bundler, [program, 'no-worker', ...consoles, ...modules])
    folders.push(bundles.folder)
  }, 180_000)

  afterAll(() => folders.forEach(removeFolder))

  function place(name: string, ...workers: string[]): string {
    const folder = deploy(bundles, name, workers)
    folders.push(folder)
    return folder
  }

  it('keeps records and finds them again with the worker built beside it', async () => {
    const folder = place(program, 'worker.js')
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

  it.skipIf(bundler === 'esbuild, CommonJS')(
    'names what blocked its event loop, with the lines of code, by threads built beside it',
    async () => {
      const folder = place('threads', 'code-worker.js', 'blocked-worker.js')
      const { title, code } = (await runIn(folder, join(folder, 'main.js'))) as BlockedInBundle
      expect(title).toMatch(/GET \/spin blocked the event loop for \d+ millisec!$/)
      expect(code[0]).toMatchObject({ file: 'main.js' })
      expect(code[0]?.lines.join('\n')).toContain('performance.now() + 1')
    },
    60_000,
  )

  it('does not start without the option workerUrl, and the error says so', async () => {
    const folder = place('no-worker')
    expect(await runIn(folder, join(folder, 'main.js'))).toEqual({ failure: missingWorker() })
  }, 60_000)

  it.skipIf(bundler === 'rollup, ESM')(
    'serves the console of the folder that is copied beside it, and without one says which option to set',
    async () => {
      const folder = place('console')
      const page = join(REPOSITORY, 'packages/console/assets')
      cpSync(page, join(folder, 'page'), { recursive: true })
      const main = join(folder, 'main.js')
      expect(await runIn(folder, main, join(folder, 'page'))).toEqual({ statuses: [200, 200] })
      for (const given of [[], [join(folder, 'nowhere')]])
        expect(await runIn(folder, main, ...given)).toEqual({
          failure: {
            code: 'SCS_CONSOLE_ERR_ASSETS',
            message: expect.stringContaining('option "pageFolder"'),
          },
        })
    },
    60_000,
  )

  it("does not take another module that is called worker.js for the store's", async () => {
    const folder = place('no-worker')
    writeFileSync(join(folder, 'worker.js'), 'setInterval(() => {}, 1_000)')
    expect(await runIn(folder, join(folder, 'main.js'))).toEqual({ failure: missingWorker() })
  }, 60_000)

  it('does not start when the file that workerUrl names is not there', async () => {
    const folder = place(program)
    expect(await runIn(folder, join(folder, 'main.js'))).toEqual({
      failure: { ...missingWorker(), message: expect.stringContaining(join(folder, 'worker.js')) },
    })
  }, 60_000)
})

interface BlockedInBundle {
  readonly title: string
  readonly code: readonly { readonly lines: readonly string[] }[]
}

function missingWorker() {
  return {
    code: 'SCS_STORE_ERR_WORKER_MISSING',
    message: expect.stringContaining('workerUrl'),
  }
}
