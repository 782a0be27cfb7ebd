import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import slowCall from '@fastify-scs/slow-call'
import storePlugin from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { serveVariant, teapotRoute } from './serve-variant.js'

/** What is registered beside core. */
interface Plugins {
  /** The store's URL; absent for none. */
  readonly store?: string
  readonly reportsErrors?: boolean
  readonly findsSlowCalls?: boolean | 'unwatched'
  /** Whether the context of the running code is kept, as other plugins need it. */
  readonly hasContext?: boolean
  readonly notesQueries?: boolean
  /** Watches the outbound calls that the app does not make. */
  readonly logsCalls?: 'correlated' | 'uncorrelated'
  /** Nobody looks at it. */
  readonly hasConsole?: boolean
}

async function build(plugins: Plugins): Promise<FastifyInstance> {
  const app = Fastify({ logger: false })
  const { hasContext: context = false, findsSlowCalls } = plugins
  await app.register(scsPlugin, { source: 'bench', audit: false, context })
  if (plugins.store !== undefined) await app.register(storePlugin, { url: plugins.store })
  if (plugins.reportsErrors) await app.register(errorReporter, { errorReporter: () => undefined })
  if (findsSlowCalls === true) await app.register(slowCall)
  if (findsSlowCalls === 'unwatched') await app.register(slowCall, { blockedAfterMs: false })
  if (plugins.notesQueries) {
    // Loaded here, as the console below.
    await app.register((await import('@fastify-scs/query-log')).default)
  }
  if (plugins.logsCalls !== undefined) {
    await app.register(integrationLog, {
      services: { payments: { origin: 'https://api.payments.example' } },
      observe: true,
      correlate: plugins.logsCalls === 'correlated',
    })
  }
  if (plugins.hasConsole) {
    // Loaded here: another checkout that is measured may be older than the console.
    const { default: scsConsole } = await import('@fastify-scs/console')
    await app.register(scsConsole, { authorize: () => false })
  }
  return teapotRoute(app)
}

function sqliteUrl(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fastify-scs-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return `sqlite:${join(folder, 'scs.db')}`
}

const three: Plugins = { reportsErrors: true, findsSlowCalls: true }
const all: Plugins = {
  ...three,
  store: 'memory:',
  notesQueries: true,
  logsCalls: 'correlated',
}

await serveVariant({
  bare: async () => teapotRoute(Fastify({ logger: false })),
  core: () => build({}),
  'core-context': () => build({ hasContext: true }),
  'query-log': () => build({ hasContext: true, notesQueries: true }),
  'error-reporter': () => build({ reportsErrors: true }),
  'slow-call': () => build({ findsSlowCalls: true }),
  'slow-call-unwatched': () => build({ findsSlowCalls: 'unwatched' }),
  three: () => build(three),
  all: () => build(all),
  'all-uncorrelated': () => build({ ...all, notesQueries: false, logsCalls: 'uncorrelated' }),
  'all-sqlite': () => build({ ...all, store: sqliteUrl() }),
  'all-console': () => build({ ...all, store: sqliteUrl(), hasConsole: true }),
})
