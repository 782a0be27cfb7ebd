import { Writable } from 'node:stream'
import scsConsole from '@fastify-scs/console'
import scsPlugin, { type ErrorFormatName, type ScsOptions } from '@fastify-scs/core'
import errorReporter, { type CrashReport } from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { onTestFinished } from 'vitest'

/** The number of pino's level error. */
const ERROR_LEVEL = 50

/** Whether the foreign plugin is registered before ours or after them, and the format of our error bodies. */
export interface Setup {
  readonly order: 'before ours' | 'after ours'
  readonly format: ErrorFormatName
}

/** Both orders with each of the formats. */
export const SETUPS: readonly Setup[] = (['before ours', 'after ours'] as const).flatMap((order) =>
  (['scs', 'pymacaron', 'problem'] as const).map((format) => ({ order, format })),
)

/** What the application of a test is made of. */
export interface Parts {
  /** Registers the foreign plugin. */
  readonly plugin: (app: FastifyInstance) => unknown
  /** Declares the routes, after all plugins. */
  readonly routes: (app: FastifyInstance) => unknown
  readonly server?: FastifyServerOptions
  readonly core?: ScsOptions
  /** Further services of the integration log, by name, each with its origin. */
  readonly services?: Readonly<Record<string, { readonly origin: string }>>
}

/** An application that listens, with what its plugins have seen. */
export interface Family {
  readonly app: FastifyInstance
  readonly address: string
  /** Each report that was sent, in the order of the failures. */
  readonly reports: readonly CrashReport[]
  /** The messages of the application log at the level warn. */
  readonly warnings: readonly unknown[]
  /** The lines of the application log at the levels error and fatal. */
  readonly errorLines: readonly Readonly<Record<string, unknown>>[]
  /** Waits until everything that has happened so far is reported, recorded and in the store. */
  settled(): Promise<void>
}

/** Starts an application with all plugins of the family and a foreign one; it is closed when the test is over. */
export async function startFamily({ order, format }: Setup, parts: Parts): Promise<Family> {
  const reports: CrashReport[] = []
  const warnings: unknown[] = []
  const errorLines: Record<string, unknown>[] = []
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      const line = JSON.parse(String(chunk))
      if (line.level >= ERROR_LEVEL) errorLines.push(line)
      else warnings.push(line.msg)
      done()
    },
  })
  const app = Fastify({ logger: { level: 'warn', stream }, ...parts.server })
  onTestFinished(() => app.close())
  if (order === 'before ours') await parts.plugin(app)
  await app.register(scsPlugin, { audit: false, errorFormat: format, ...parts.core })
  await app.register(store, { url: 'memory:' })
  await app.register(errorReporter, {
    apiName: 'orders',
    errorReporter: (_title, _message, report) => void reports.push(report),
  })
  await app.register(slowCall, { maxMs: 60_000, blockedAfterMs: false })
  const { services = {} } = parts
  await app.register(integrationLog, { services, observe: true })
  await app.register(scsConsole, { authorize: () => true })
  if (order === 'after ours') await parts.plugin(app)
  await parts.routes(app)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const settled = async (): Promise<void> => {
    await app.errorReporter.flush()
    await app.integrations.settled()
    await app.scsStore.flush()
  }
  return { app, address, reports, warnings, errorLines, settled }
}

/** Starts the same application with the foreign plugin alone, to compare; it is closed when the test is over. */
export async function startPlain({ plugin, routes, server }: Parts): Promise<string> {
  const app = Fastify(server)
  onTestFinished(() => app.close())
  await plugin(app)
  await routes(app)
  return app.listen({ port: 0, host: '127.0.0.1' })
}
