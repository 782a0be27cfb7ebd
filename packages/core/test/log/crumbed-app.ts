import scsPlugin, { type ScsOptions } from '@fastify-scs/core'
import type { LogLineFact } from '@fastify-scs/core/kit'
import Fastify, {
  type FastifyInstance,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify'
import { onTestFinished } from 'vitest'

/** An app, and what its last request had logged. */
export interface Crumbed {
  readonly app: FastifyInstance
  /** What the last request had logged when its answer had left. */
  lines(): LogLineFact[]
  /** `level: message` of them. */
  told(): string[]
}

/** Builds an app that logs to nowhere, or as the options say. */
export async function buildApp(
  server: FastifyServerOptions = {},
  options: ScsOptions = {},
): Promise<Crumbed> {
  const logger = { level: 'info', stream: { write: () => undefined } }
  const app = Fastify('loggerInstance' in server ? server : { logger, ...server })
  onTestFinished(() => app.close())
  await app.register(scsPlugin, { audit: false, ...options })
  let lines: LogLineFact[] = []
  app.addHook('onResponse', (request, _reply, done) => {
    lines = linesOf(request)
    done()
  })
  const told = () => lines.map(({ level, message }) => `${level}: ${message}`)
  return { app, lines: () => lines, told }
}

/** The lines of a request, as reports have them. */
export function linesOf(request: FastifyRequest): LogLineFact[] {
  return (request.server.scs.requestFacts.of(request).log_lines ?? []) as LogLineFact[]
}

/** A handler that logs three lines. */
export function logThree({ log }: FastifyRequest): string {
  log.info('begins')
  log.warn({ stock: 1 }, 'stock is low')
  log.child({ part: 'payment' }).error(new Error('refused'))
  return 'ok'
}

/** What reports have of them. */
export const THREE = ['info: begins', 'warn: stock is low', 'error: refused']
