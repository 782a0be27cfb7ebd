import scsPlugin from '@fastify-scs/core'
import slowCall, { type SlowCallOptions, type SlowCallReport } from '@fastify-scs/slow-call'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { onTestFinished } from 'vitest'

/** One line of the application log. */
export type Line = Record<string, unknown> & { level: number; msg: string }

/** An app with core and slow-call, its reports and its log. */
export interface TestApp {
  readonly app: FastifyInstance
  readonly log: Line[]
  readonly reports: SlowCallReport[]
  /** The report with this index, from 0, as soon as it has come. */
  report(index?: number): Promise<SlowCallReport>
}

/** A limit that no call of a test reaches. */
export const NEVER_MS = 600_000

/** Builds an app whose reports are kept; routes can still be added. It is closed when the test is over. */
export async function buildApp(
  options: SlowCallOptions = {},
  server: FastifyServerOptions = {},
): Promise<TestApp> {
  const log: Line[] = []
  const reports: SlowCallReport[] = []
  const stream = { write: (line: string) => void log.push(JSON.parse(line) as Line) }
  const app = Fastify({
    logger: { level: 'trace', stream },
    forceCloseConnections: true,
    ...server,
  })
  await app.register(scsPlugin, { source: 'test', audit: false })
  await app.register(slowCall, {
    onSlowCall: (report) => reports.push(report),
    // A busy machine may hold the event loop up.
    blockedAfterMs: false,
    ...options,
  })
  onTestFinished(() => app.close())
  const report = async (index = 0): Promise<SlowCallReport> => {
    await until(() => reports.length > index)
    return reports[index] as SlowCallReport
  }
  return { app, log, reports, report }
}

/** Listens on a free port and returns the address. */
export function listen(app: FastifyInstance): Promise<string> {
  return app.listen({ port: 0, host: '127.0.0.1' })
}

/** Waits until something is so; the test's own time limit ends it. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5)
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Keeps the event loop busy. */
export function block(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

/** Something that a test lets happen when it wants to. */
export function createGate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}
