import scsPlugin, { type ScsOptions } from '@fastify-scs/core'
import errorReporter, {
  type CrashReport,
  type ErrorReporterOptions,
} from '@fastify-scs/error-reporter'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { onTestFinished } from 'vitest'

/** One line of a log that a test has caught. */
export type Line = Record<string, unknown> & { level?: unknown; msg?: string }

/** What a reporter of a test was called with. */
export interface Call {
  readonly title: string
  readonly message: string
  readonly report: CrashReport
}

/** An app with core and the error reporter, what it has reported and its log. */
export interface TestApp {
  readonly app: FastifyInstance
  readonly calls: Call[]
  readonly log: Line[]
  /** Waits until everything that was seen so far is reported. */
  readonly reported: () => Promise<readonly Call[]>
}

/** What a test may set. */
export interface BuildOptions {
  readonly reporter?: ErrorReporterOptions
  readonly core?: ScsOptions
  readonly server?: FastifyServerOptions
}

/** Builds an app whose reports are kept; it is not ready yet, so routes can be added. It is closed when the test is over. */
export async function buildApp({ reporter, core, server }: BuildOptions = {}): Promise<TestApp> {
  const log: Line[] = []
  const calls: Call[] = []
  const stream = { write: (line: string) => void log.push(JSON.parse(line) as Line) }
  const app = Fastify({ logger: { level: 'trace', stream }, ...server })
  await app.register(scsPlugin, {
    source: 'orders',
    audit: { stream: { write: () => undefined } },
    errorFormat: 'pymacaron',
    ...core,
  })
  await app.register(errorReporter, {
    errorReporter: (title, message, report) => void calls.push({ title, message, report }),
    ...reporter,
  })
  // The thread that reads code would live on, and its timers would be among those of other tests.
  onTestFinished(() => app.close())
  const reported = async (): Promise<readonly Call[]> => {
    // An answer's `close` comes in a later tick than the end of `inject`.
    await new Promise((resolve) => setImmediate(resolve))
    await app.errorReporter.flush()
    return calls
  }
  return { app, calls, log, reported }
}

/** The only report of an app; fails when there is none or more. */
export async function onlyReport({ reported }: TestApp): Promise<CrashReport> {
  const [call, ...more] = await reported()
  if (call === undefined || more.length > 0) throw new Error(`${more.length} reports too many`)
  return call.report
}

export const UUID: RegExp = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Throws an unexpected error. */
export function boom(): never {
  throw new Error('secret detail')
}
