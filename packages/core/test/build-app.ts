import scsPlugin, { type ScsOptions } from '@fastify-scs/core'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'

/** One line of a log that a test has caught. */
export type Line = Record<string, unknown> & { level?: unknown; msg?: string }

/** An app with the core plugin, and the lines of its application log and its audit log. */
export interface TestApp {
  readonly app: FastifyInstance
  readonly log: Line[]
  readonly audit: Line[]
}

/** Builds an app whose two logs are kept; the app is not ready yet, so routes can be added. */
export async function buildApp(
  options: ScsOptions = {},
  server: FastifyServerOptions = {},
): Promise<TestApp> {
  const log: Line[] = []
  const audit: Line[] = []
  const app = Fastify({ logger: { level: 'trace', stream: keepIn(log) }, ...server })
  await app.register(scsPlugin, { source: 'test', audit: { stream: keepIn(audit) }, ...options })
  return { app, log, audit }
}

/** A stream that keeps each JSON line that is written to it. */
export function keepIn(lines: Line[]): { write(line: string): void } {
  return { write: (line) => void lines.push(JSON.parse(line) as Line) }
}

/** The lines of a level that core itself has written; pino's numbers: 30 is info, 50 error. */
export function failureLines(log: readonly Line[], level?: number): readonly Line[] {
  return log.filter((line) => 'status' in line && (level === undefined || line.level === level))
}
