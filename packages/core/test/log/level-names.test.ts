import scsPlugin, { type AuditEvent, type ScsLoggerOptions, scsLogger } from '@fastify-scs/core'
import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { buildApp, keepIn, type Line } from '../build-app.js'

const METHODS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

/** The level names of one line at each level. */
function writtenBy(options: ScsLoggerOptions): readonly unknown[] {
  const lines: Line[] = []
  const app = Fastify({ logger: scsLogger({ stream: keepIn(lines), ...options }) })
  for (const method of METHODS) app.log[method]('x')
  app.log.child({ module: 'billing' }).warn('x')
  return lines.map(({ level }) => level)
}

it("with levelNames: 'python' lines have Python's names of levels, those of child loggers too", () => {
  const python = ['DEBUG', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL', 'WARNING']
  expect(writtenBy({ levelNames: 'python' })).toEqual(python)
})

it("by default and with levelNames: 'pino' lines have pino's names of levels", () => {
  const pino = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'WARN']
  expect(writtenBy({})).toEqual(pino)
  expect(writtenBy({ levelNames: 'pino' })).toEqual(pino)
})

it('the audit log has the same option, which does not change the levels in listeners and lists', async () => {
  const lines: Line[] = []
  const { app } = await buildApp({ audit: { levelNames: 'python', stream: keepIn(lines) } })
  const seen: AuditEvent[] = []
  app.scs.audit.subscribe((event) => seen.push(event))
  for (const level of ['TRACE', 'info', 'WARNING', 'CRITICAL'] as const) {
    app.scs.registerAuditEvent({ type: level, level, messageTemplate: 'x' })
    app.scs.addAuditEvent(level)
  }
  expect(lines.map(({ level }) => level)).toEqual(['DEBUG', 'INFO', 'WARNING', 'CRITICAL'])
  expect(Object.keys(lines[0] as object)[0]).toBe('level')
  const own = ['TRACE', 'INFO', 'WARN', 'FATAL']
  expect(seen.map(({ level }) => level)).toEqual(own)
  expect(app.scs.auditEvents.map(({ level }) => level)).toEqual(own)
})

it('Python’s names are accepted as the level of a sink, whatever levelNames is', async () => {
  const lines: Line[] = []
  const logger = scsLogger({ stdout: { level: 'CRITICAL' }, stream: keepIn(lines) })
  expect(logger.level).toBe('trace')
  expect(scsLogger({ stdout: { level: 'WARNING' } }).level).toBe('warn')
  expect(scsLogger({ stdout: { level: 'critical' }, levelNames: 'python' }).level).toBe('fatal')
})

it('an unknown value of levelNames is refused by both logs', async () => {
  const message = expect.stringContaining(`levelNames: expected 'pino' or 'python', got 'perl'`)
  const refused = expect.objectContaining({ code: 'SCS_ERR_OPTIONS', message })
  expect(() => scsLogger({ levelNames: 'perl' } as never)).toThrow(refused)
  const app = Fastify()
  app.register(scsPlugin, { audit: { levelNames: 'perl' } } as never)
  await expect(app.ready()).rejects.toEqual(refused)
})
