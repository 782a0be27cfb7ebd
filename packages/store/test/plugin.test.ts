import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import scsPlugin from '@fastify-scs/core'
import Fastify from 'fastify'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { sample, samples } from '../src/contract/index.js'
import store, {
  errorCatalog,
  MemoryStore,
  type RecordFilter,
  type StoreOptions,
  type StoreSetup,
} from '../src/index.js'
import { buildStore, endProcess, newFolder } from './build-store.js'
import { GatedStore } from './gated-store.js'

/** What a program in a folder prints that loads the adapter of a SQLite file; it must not complain. */
function loadingPrints(folder: string, statement: string): string {
  const module = new URL('../dist/load-adapter.js', import.meta.url).href
  const script = `
    const { loadAdapter } = await import(${JSON.stringify(module)})
    const context = { url: 'sqlite:./scs.db', options: {}, log: console }
    ${statement}`
  writeFileSync(join(folder, 'main.mjs'), script)
  // Without the NODE_PATH of the package manager, which would find it.
  const { stdout, stderr } = spawnSync(process.execPath, ['main.mjs'], {
    cwd: folder,
    env: {},
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return stdout
}

describe('registering', () => {
  it('a store in memory needs only its URL', async () => {
    const { app } = await buildStore({ url: 'memory:' })
    const record = sample({ keys: { service: 'a' }, data: { x: 1 } })
    app.scsStore.write(record)
    await app.scsStore.flush()
    expect((await app.scsStore.find(record.kind)).items).toHaveLength(1)
    expect((await app.scsStore.get(record.kind, record.id))?.data).toEqual({ x: 1 })
    const query = { from: record.createdAt, to: record.createdAt + 1, bucketMs: 1 }
    expect((await app.scsStore.buckets(record.kind, query))[0]?.count).toBe(1)
    const { engine, stored, written, lagMs } = await app.scsStore.stats()
    expect([engine, stored?.records.integration_requests, written]).toEqual(['memory', 1, 1])
    expect(lagMs).toBeGreaterThanOrEqual(0)
  })

  it('wrong options are coded errors that name the option', async () => {
    const wrong: [object, string][] = [
      [{}, 'url'],
      [{ url: 'memory:', adapter: new MemoryStore() }, 'url'],
      [{ url: 'memory:', batchRecords: 0 }, 'batchRecords'],
      [{ url: 'memory:', retentionDays: '30' }, 'retentionDays'],
      [{ url: 'memory:', retentoinDays: 30 }, 'retentoinDays'],
      [{ url: 'memory:', startup: 'later' }, 'startup'],
      [{ url: 'memory:', outboxPath: '' }, 'outboxPath'],
      [{ url: 'memory:', searchBodies: 'yes' }, 'searchBodies'],
    ]
    for (const [options, name] of wrong) {
      const attempt = buildStore(options as StoreOptions)
      await expect(attempt).rejects.toMatchObject({ code: 'SCS_STORE_ERR_OPTIONS' })
      await expect(attempt).rejects.toThrow(name)
    }
  })

  it('a URL of a variable that is not set is said to be undefined', async () => {
    await expect(buildStore({ url: process.env.NOPE as string })).rejects.toThrow(
      "Option url: expected a URL such as 'sqlite:./scs.db', or a ready adapter as 'adapter', got undefined",
    )
  })

  it('what is no adapter, or stands beside a URL, is a coded error that says so', async () => {
    for (const adapter of [{}, 42, ''])
      await expect(buildStore({ adapter: adapter as never })).rejects.toThrow('Option adapter')
    await expect(buildStore({ url: 'memory:', adapter: new MemoryStore() })).rejects.toThrow(
      "expected either 'url' or 'adapter', got both",
    )
  })

  it('a URL of no known kind is a coded error that does not show the password', async () => {
    for (const url of ['mysql://ada:secret@host/db', './scs.db', 'SQLITE:x']) {
      const attempt = buildStore({ url })
      await expect(attempt).rejects.toMatchObject({ code: 'SCS_STORE_ERR_URL' })
      await expect(attempt).rejects.not.toThrow('secret')
    }
  })

  it('a package that is not installed is a coded error with the command', () => {
    const stdout = loadingPrints(
      newFolder(),
      'await loadAdapter(context).catch(({ code, message }) => console.log(code, message))',
    )
    expect(stdout).toContain('SCS_STORE_ERR_ADAPTER_MISSING')
    expect(stdout).toContain('npm install @fastify-scs/store-sqlite')
  })

  it('a package that only a plugin has among its dependencies is found from there', () => {
    const folder = newFolder()
    const plugin = join(folder, 'node_modules', 'all-in-one')
    const adapter = join(plugin, 'node_modules', '@fastify-scs', 'store-sqlite')
    mkdirSync(adapter, { recursive: true })
    writeFileSync(join(adapter, 'package.json'), '{ "type": "module", "exports": "./index.js" }')
    writeFileSync(join(adapter, 'index.js'), "export const createStoreAdapter = () => 'found'")
    const from = pathToFileURL(join(plugin, 'index.js')).href
    const stdout = loadingPrints(
      folder,
      `console.log(await loadAdapter(context, ${JSON.stringify(from)}))`,
    )
    expect(stdout).toBe('found\n')
  })

  it('an unknown kind is refused before it comes near a table', async () => {
    const { app } = await buildStore({ url: 'memory:' })
    const kind = 'reports; DROP TABLE reports' as 'reports'
    const query = { from: 0, to: 1, bucketMs: 1 }
    for (const call of [
      app.scsStore.find(kind),
      app.scsStore.get(kind, 'x'),
      app.scsStore.buckets(kind, query),
    ]) {
      await expect(call).rejects.toMatchObject({ code: 'SCS_STORE_ERR_FILTER', statusCode: 400 })
    }
  })

  it('an unknown field of a filter is refused with the nearest one', async () => {
    const { app } = await buildStore({ url: 'memory:' })
    const filter = { urlPrefx: 'https://' } as RecordFilter
    await expect(app.scsStore.find('reports', filter)).rejects.toThrow('did you mean "urlPrefix"?')
  })

  it('a second time is a coded error, and without core Fastify refuses it', async () => {
    const { app } = await buildStore({ url: 'memory:' })
    await expect(app.register(store, { url: 'memory:' })).rejects.toMatchObject({
      code: 'SCS_STORE_ERR_ALREADY_REGISTERED',
    })
    await expect(Fastify().register(store, { url: 'memory:' })).rejects.toThrow('@fastify-scs/core')
  })

  it('every coded error says what to do', () => {
    for (const [code, { message, fix }] of Object.entries(errorCatalog)) {
      expect(code).toMatch(/^SCS_STORE_ERR_[A-Z_]+$/)
      expect(message).not.toBe('')
      expect(fix).toMatch(/\.$/)
    }
  })
})

describe('searchBodies', () => {
  class SearchingStore extends GatedStore {
    readonly asked: boolean[] = []
    override async open({ searchBodies }: StoreSetup): Promise<void> {
      this.asked.push(searchBodies)
    }
  }

  it('is asked of the adapter as it is opened, and only when it is wanted', async () => {
    const [wanted, unwanted, usual] = [
      new SearchingStore(),
      new SearchingStore(),
      new SearchingStore(),
    ]
    await buildStore({ adapter: wanted, searchBodies: true })
    await buildStore({ adapter: unwanted, searchBodies: false })
    await buildStore({ adapter: usual })
    const asked = [wanted, unwanted, usual].map((adapter) => adapter.asked)
    expect(asked).toEqual([[true], [false], [false]])
  })

  it('is no error where bodies are searched anyway', async () => {
    const { app } = await buildStore({ url: 'memory:', searchBodies: true })
    app.scsStore.write(
      sample({ createdAt: Date.now(), data: { output: { reason: 'Insufficient funds' } } }),
    )
    const page = await app.scsStore.find('integration_requests', { text: 'funds insufficient' })
    expect(page.items).toHaveLength(1)
  })
})

describe('audit events', () => {
  it('are copied into the store, of a request and of none', async () => {
    const app = Fastify({ genReqId: () => 'req-7' })
    onTestFinished(() => app.close())
    await app.register(scsPlugin, { source: 'orders', audit: false, user: () => 'ada' })
    await app.register(store, { url: 'memory:' })
    app.scs.registerAuditEvent({
      type: 'order-seen',
      level: 'info',
      messageTemplate: "Order {n}, '{user}'",
    })
    app.get('/orders/:id', (request) => {
      request.addAuditEvent('order-seen', { n: 7, password: 'hidden' })
      return 'ok'
    })
    await app.inject('/orders/7?filter=none')
    app.scs.addAuditEvent('order-seen', { n: 8 })
    await app.scsStore.flush()
    const ofRequest = {
      requestId: 'req-7',
      user: 'ada',
      fingerprint: 'order-seen',
      text: 'order 7',
    }
    const { items } = await app.scsStore.find('audit_events', ofRequest)
    expect(items).toHaveLength(1)
    expect(items[0]?.keys).toMatchObject({
      service: 'orders',
      level: 'INFO',
      summary: "Order 7, 'ada'",
    })
    expect(items[0]?.data).toMatchObject({
      event: { type: 'order-seen', details: { n: 7 } },
      requestId: 'req-7',
    })
    expect(JSON.stringify(items)).not.toContain('hidden')
    const byPath = await app.scsStore.find('audit_events', { urlPrefix: '/orders/' })
    expect(byPath.items.map(({ id }) => id)).toEqual(items.map(({ id }) => id))
    expect(items[0]?.data.url).toBe('/orders/7')
    const all = await app.scsStore.find('audit_events', { service: 'orders' })
    expect(all.items.map(({ data }) => data.requestId)).toEqual([null, 'req-7'])
    await app.close()
  })

  it('are not copied with auditEvents: false', async () => {
    const { app } = await buildStore({ url: 'memory:', auditEvents: false })
    app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: 'seen' })
    app.scs.addAuditEvent('seen')
    await app.scsStore.flush()
    expect((await app.scsStore.stats()).stored?.records.audit_events).toBe(0)
  })
})

describe('retention', () => {
  it('removes what is older than its days, at intervals and when it is called', async () => {
    const day = 86_400_000
    const ages = [1, 5, 29, 31, 400]
    const { app } = await buildStore({ url: 'memory:', pruneEveryMs: 10 })
    for (const age of ages) app.scsStore.write(sample({ createdAt: Date.now() - age * day }))
    await app.scsStore.flush()
    await vi.waitFor(async () => expect((await app.scsStore.stats()).pruned).toBe(2))
    expect(await app.scsStore.prune({ olderThanDays: 4 })).toBe(2)
    expect((await app.scsStore.stats()).stored?.records.integration_requests).toBe(1)
  })

  it('removes the calls of routes earlier than other records, and for as long as it is told', async () => {
    const createdAt = Date.now() - 8 * 86_400_000
    for (const [options, left] of [
      [{}, 0],
      [{ retentionDays: false, routeStatsDays: 7.5 }, 0],
      [{ routeStatsDays: 9 }, 1],
      [{ routeStatsDays: false }, 1],
    ] as const) {
      const { app } = await buildStore({ url: 'memory:', pruneEveryMs: 10, ...options })
      app.scsStore.write(sample({ kind: 'route_stats', createdAt, importance: 'low' }))
      app.scsStore.write(sample({ createdAt }))
      // Removed by age in any case, which shows that the check has run.
      app.scsStore.write(sample({ kind: 'route_stats', createdAt: 1 }))
      await app.scsStore.flush()
      await vi.waitFor(async () =>
        expect((await app.scsStore.stats()).pruned).toBeGreaterThanOrEqual(2 - left),
      )
      const { stored } = await app.scsStore.stats()
      expect(stored?.records).toMatchObject({ integration_requests: 1, route_stats: left })
    }
  })

  it('removes the oldest when there are too many bytes', async () => {
    const { app } = await buildStore({ url: 'memory:', pruneEveryMs: 10, maxBytes: 1_048_576 })
    const body = 'x'.repeat(10_000)
    for (const record of samples(500, () => ({ createdAt: Date.now(), data: { body } }))) {
      app.scsStore.write(record)
    }
    await app.scsStore.flush()
    await vi.waitFor(async () => {
      expect((await app.scsStore.stats()).stored?.bytes).toBeLessThanOrEqual(1_048_576)
    })
  })

  it('that fails is logged, and goes on', async () => {
    const adapter = new GatedStore()
    adapter.prune = () => Promise.reject(new Error('no'))
    const { log } = await buildStore({ adapter, pruneEveryMs: 10 })
    await vi.waitFor(() => {
      expect(log.filter(({ msg }) => msg.includes('old records')).length).toBeGreaterThan(1)
    })
  })
})

describe('the process', () => {
  it('has one listener for any number of apps, and none when they are closed', async () => {
    const events = ['exit', 'SIGTERM', 'SIGINT', 'SIGHUP']
    const counts = () => events.map((event) => process.listenerCount(event))
    const before = counts()
    const apps = []
    for (let index = 0; index < 20; index++) apps.push(await buildStore({ url: 'memory:' }))
    expect(counts()).toEqual(before.map((count) => count + 1))
    for (const { app } of apps) await app.close()
    expect(counts()).toEqual(before)
  })

  it('calls back before the last flush, whatever others do', async () => {
    const { app, log } = await buildStore({ url: 'memory:' })
    const { scsStore: store } = app
    const called: string[] = []
    const failing = store.beforeLastFlush(() => {
      throw new Error('on purpose')
    })
    const staying = store.beforeLastFlush(() => {
      called.push('stays')
      store.write(sample())
    })
    // Who is not forgotten is asked even after the store has closed, and the next test's process would have a listener.
    onTestFinished(failing)
    onTestFinished(staying)
    const forget = store.beforeLastFlush(() => called.push('gone'))
    forget()
    endProcess()
    expect(called).toEqual(['stays'])
    expect(log.map(({ msg }) => msg)).toContainEqual(expect.stringContaining('held back'))
    // It was there in time, to be given up: the store in memory has no last flush.
    expect((await store.stats()).shed.integration_requests).toBe(1)
  })

  it('two apps share nothing', async () => {
    const [one, other] = [
      await buildStore({ url: 'memory:' }),
      await buildStore({ url: 'memory:' }),
    ]
    one.app.scsStore.write(sample())
    await one.app.scsStore.flush()
    expect((await one.app.scsStore.stats()).written).toBe(1)
    expect((await other.app.scsStore.stats()).written).toBe(0)
  })
})
