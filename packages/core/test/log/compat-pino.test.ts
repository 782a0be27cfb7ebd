import Fastify, { type FastifyBaseLogger, type FastifyServerOptions } from 'fastify'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import {
  beginLastLines,
  bindingsOf,
  endLastLines,
  setBindings,
  willWrite,
} from '../../src/log/compat-pino.js'

function logOf(options: FastifyServerOptions): FastifyBaseLogger {
  return Fastify(options).log
}

it('the logger of `logger: false`, which has no isLevelEnabled, counts as writing nothing', () => {
  const log = logOf({ logger: false })
  expect((log as { isLevelEnabled?: unknown }).isLevelEnabled).toBeUndefined()
  expect([willWrite(log, 'error'), willWrite(log, 'info')]).toEqual([false, false])
})

it.each([
  ['silent', false, false],
  ['fatal', false, false],
  ['error', true, false],
  ['info', true, true],
])(
  'a pino logger with the level %s writes the lines that isLevelEnabled says',
  (level, error, info) => {
    const log = logOf({ logger: { level, stream: { write: () => undefined } } })
    expect([willWrite(log, 'error'), willWrite(log, 'info')]).toEqual([error, info])
  },
)

it('the level of a pino logger may change while the app runs', () => {
  const log = logOf({ logger: { level: 'silent', stream: { write: () => undefined } } })
  log.level = 'error'
  expect(willWrite(log, 'error')).toBe(true)
})

it('a logger without isLevelEnabled counts as writing every line, also when one function writes every level', () => {
  const lines: unknown[] = []
  const write = (...line: unknown[]): void => void lines.push(line)
  const methods = {
    info: write,
    error: write,
    debug: write,
    fatal: write,
    warn: write,
    trace: write,
  }
  const one = { ...methods, child: () => one, level: 'info' } as unknown as FastifyBaseLogger
  expect(willWrite(one, 'error')).toBe(true)
  for (const error of [
    console.log,
    (_text = lines.push(1)) => {},
    write.bind(null),
    () => write(),
  ]) {
    expect(willWrite({ ...one, error } as unknown as FastifyBaseLogger, 'error')).toBe(true)
  }
})

it('no stack trace is formatted for a logger that writes nothing', async () => {
  const { default: scsPlugin } = await import('@fastify-scs/core')
  const app = Fastify({ logger: false })
  await app.register(scsPlugin, { audit: false })
  let formatted = 0
  app.get('/', () => {
    const error = new Error('x')
    Object.defineProperty(error, 'stack', { get: () => String(++formatted) })
    throw error
  })
  expect((await app.inject('/')).statusCode).toBe(500)
  expect(formatted).toBe(0)
})

describe('the internals of pino', () => {
  it('a logger has its stream under the symbol `pino.stream`, and can be made to write synchronously', () => {
    const destination = pino.destination({ dest: '/dev/null', sync: false })
    const log = pino({}, destination)
    beginLastLines(log.child({ reqId: '1' }))
    expect((destination as unknown as { sync: boolean }).sync).toBe(true)
  })

  it('a multistream has its streams there too', () => {
    let flushed = 0
    const stream = { write: () => undefined, flushSync: () => flushed++ }
    endLastLines(pino({}, pino.multistream([{ stream }, { stream }])))
    expect(flushed).toBeGreaterThanOrEqual(2)
  })

  it('bindings are JSON under the symbol `chindingsSym`, and changed bindings are written', () => {
    const lines: string[] = []
    const log = pino({ base: { source: 'orders' } }, { write: (line) => lines.push(line) })
    const child = log.child({ password: 'x' })
    expect(bindingsOf(child)).toBe(',"source":"orders","password":"x"')
    setBindings(child, ',"source":"orders"')
    child.info('said')
    expect(JSON.parse(lines[0] ?? '')).not.toHaveProperty('password')
  })
})
