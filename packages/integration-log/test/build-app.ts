import scsPlugin, { type ScsOptions } from '@fastify-scs/core'
import { createSpanFinder } from '@fastify-scs/core/kit'
import integrationLog, {
  type IntegrationLogOptions,
  type IntegrationRecord,
} from '@fastify-scs/integration-log'
import storePlugin, { type StoreOptions } from '@fastify-scs/store'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { IntegrationLog } from '../src/integration-log.js'
import { resolveOptions } from '../src/options.js'

/** One line of a log that a test has caught. */
export type Line = Record<string, unknown> & { level?: unknown; msg?: string }

/** An app with core, a store and the integration log. */
export interface TestApp {
  readonly app: FastifyInstance
  readonly lines: Line[]
  /** What is stored, oldest first, once everything that has ended is there. */
  readonly records: () => Promise<IntegrationRecord[]>
}

/** What a test may set. */
export interface TestOptions {
  readonly log?: IntegrationLogOptions
  readonly core?: ScsOptions
  readonly server?: FastifyServerOptions
  /** The store's URL, or false for none. @default 'memory:' */
  readonly store?: string | false
  readonly storeOptions?: Omit<StoreOptions, 'url' | 'adapter'>
}

/** Builds an app; it is not ready yet, so routes can be added. */
export async function buildApp(options: TestOptions = {}): Promise<TestApp> {
  const { app, lines } = await buildBare(options)
  await app.register(integrationLog, options.log ?? {})
  const records = async (): Promise<IntegrationRecord[]> => {
    // An answer's `close` comes in a later tick than the end of `inject`.
    await new Promise((resolve) => setImmediate(resolve))
    await app.integrations.settled()
    await app.scsStore.flush()
    return await allRecords(app)
  }
  return { app, lines, records }
}

/** An app whose log can be told of calls as a transport does. */
export async function buildLog(
  options: TestOptions = {},
): Promise<TestApp & { readonly log: IntegrationLog }> {
  const test = await buildBare(options)
  const log = new IntegrationLog(
    test.app,
    resolveOptions(options.log ?? {}),
    await createSpanFinder(),
  )
  const records = async (): Promise<IntegrationRecord[]> => {
    await log.settled()
    await test.app.scsStore.flush()
    return await allRecords(test.app)
  }
  return { ...test, log, records }
}

async function buildBare({ core, server, store = 'memory:', storeOptions }: TestOptions): Promise<{
  app: FastifyInstance
  lines: Line[]
}> {
  const lines: Line[] = []
  const stream = { write: (line: string) => void lines.push(JSON.parse(line) as Line) }
  const app = Fastify({ logger: { level: 'info', stream }, ...server })
  await app.register(scsPlugin, {
    source: 'orders',
    audit: { stream: { write: () => undefined } },
    ...core,
  })
  if (store !== false) await app.register(storePlugin, { url: store, ...storeOptions })
  return { app, lines }
}

async function allRecords(app: FastifyInstance): Promise<IntegrationRecord[]> {
  const records: unknown[] = []
  let cursor: string | undefined
  do {
    const page = await app.scsStore.find('integration_requests', {
      limit: 500,
      ...(cursor === undefined ? {} : { cursor }),
    })
    records.push(...page.items.map(({ data }) => data))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return records.reverse() as IntegrationRecord[]
}

/** The only one of a list; fails when there is none or more. */
export function only<T>(list: readonly T[]): T {
  const [first, ...more] = list
  if (first === undefined || more.length > 0) throw new Error(`one expected, got ${list.length}`)
  return first
}
