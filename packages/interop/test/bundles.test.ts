import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Bundle,
  type Bundler,
  deploy,
  makeBundle,
  removeFolder,
  WORKERS,
} from './bundle-service.js'
import { runIn } from './run-program.js'

const BUNDLERS: readonly Bundler[] = ['esbuild, ESM', 'esbuild, CommonJS', 'rollup, ESM']

interface SeenInBundle {
  readonly reports: readonly {
    readonly title: string
    readonly code: readonly { readonly file: string; readonly lines: readonly string[] }[]
  }[]
}

describe.each(BUNDLERS)('a service of all packages in one file by %s', (bundler) => {
  const folders: string[] = []
  let bundle: Bundle

  beforeAll(async () => {
    bundle = await makeBundle(bundler)
    folders.push(bundle.folder)
  }, 180_000)

  afterAll(() => folders.forEach(removeFolder))

  function place(workers = WORKERS): string {
    const folder = deploy(bundle, workers)
    folders.push(folder)
    return folder
  }

  const run = (folder: string, ...without: string[]): Promise<unknown> =>
    runIn(folder, join(folder, 'main.js'), ...without)

  it('is bundled without a warning about our packages', () => {
    const ours = bundle.warnings.filter((text) => !text.includes('node_modules'))
    // That CommonJS has no import.meta is known: what would be found by it is named.
    expect(ours.filter((text) => !text.startsWith('empty-import-meta: '))).toEqual([])
  })

  it('keeps records, shows the lines of code and what blocked it, and serves its console, with the files beside it', async () => {
    const folder = place()
    expect(readdirSync(folder).filter((name) => name.endsWith('.js'))).toHaveLength(4)
    const seen = (await run(folder)) as SeenInBundle
    expect(seen).toMatchObject({
      statuses: [200, 200, 500, 404, 200, 200, 200],
      warnings: [],
      found: {
        events: ['Order 1 was seen', 'Order 2 was seen'],
        calls: ['/pay', '/pay'],
        reports: seen.reports.length,
      },
    })
    // A busy machine blocks the event loop at other places too.
    for (const [title, line] of [
      [/GET \/crash: the pool is exhausted$/, 'the pool is exhausted'],
      [/GET \/spin blocked the event loop for \d+ millisec!$/, 'performance.now() + 1'],
    ] as const) {
      const report = seen.reports.find((each) => title.test(each.title))
      expect(report?.code[0]?.file).toBe('main.js')
      expect(report?.code[0]?.lines.join('\n')).toContain(line)
    }
  }, 60_000)

  it('runs without the threads for code and for blocks, and says which option names each', async () => {
    const seen = await run(place(), 'codeWorkerUrl', 'blockedWorkerUrl')
    expect(seen).toMatchObject({
      statuses: [200, 200, 500, 404, 200, 200, 200],
      reports: [{ title: expect.stringContaining('the pool is exhausted'), code: [] }],
      warnings: expect.arrayContaining([
        expect.stringContaining('blockedWorkerUrl'),
        expect.stringContaining('code.workerUrl'),
      ]),
    })
  }, 60_000)

  it.each([
    ['workerUrl', 'SCS_STORE_ERR_WORKER_MISSING', 'the option workerUrl'],
    ['pageFolder', 'SCS_CONSOLE_ERR_ASSETS', 'the option "pageFolder"'],
    ['url', 'SCS_STORE_ERR_ADAPTER_MISSING', 'the option adapter'],
  ])(
    'does not start without %s, and the error names the option',
    async (without, code, text) => {
      const folder = place()
      if (without === 'workerUrl')
        // Another module of that name is not taken for the store's.
        writeFileSync(join(folder, 'worker.js'), 'setInterval(() => {}, 1_000)')
      const message = expect.stringContaining(text)
      expect(await run(folder, without)).toEqual({ failure: { code, message } })
    },
    60_000,
  )

  it('does not start when a file that is named is not there, and the error names it', async () => {
    const workerless = place(WORKERS.filter((name) => name !== 'worker.js'))
    expect(await run(workerless)).toMatchObject({
      failure: {
        code: 'SCS_STORE_ERR_WORKER_MISSING',
        message: expect.stringContaining(join(workerless, 'worker.js')),
      },
    })
    const pageless = place()
    rmSync(join(pageless, 'page'), { recursive: true })
    expect(await run(pageless)).toMatchObject({
      failure: {
        code: 'SCS_CONSOLE_ERR_ASSETS',
        message: expect.stringContaining(join(pageless, 'page')),
      },
    })
  }, 60_000)
})
