import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin, { type ScsLoggerOptions, scsLogger } from '@fastify-scs/core'
import Fastify, { type FastifyInstance } from 'fastify'
import { expect, it } from 'vitest'
import { keepIn, type Line } from '../build-app.js'

async function loggingApp(options: ScsLoggerOptions = {}): Promise<[FastifyInstance, Line[]]> {
  const lines: Line[] = []
  const logger = scsLogger({ source: 'orders', stream: keepIn(lines), ...options })
  const app = Fastify({ logger })
  await app.register(scsPlugin, { audit: false })
  return [app, lines]
}

it('a line has the fields of SCS’s application log', async () => {
  const [app, lines] = await loggingApp()
  app.log.info('INFO message')
  expect(lines[0]).toEqual({
    level: 'INFO',
    date: expect.stringMatching(/Z$/),
    message: 'INFO message',
    source: 'orders',
    module: null,
    errorType: null,
    errorInfo: null,
  })
})

it('an error becomes its type and its stack, with the causes', async () => {
  const [app, lines] = await loggingApp()
  const error = new RangeError('too far', { cause: new TypeError('the reason') })
  app.log.error(error)
  app.log.error({ err: error, orderId: 7 }, 'could not %s', 'ship')
  expect(lines[0]).toMatchObject({ level: 'ERROR', message: 'too far', errorType: 'RangeError' })
  expect(lines[0]?.errorInfo).toMatch(/scs-logger\.test[\s\S]*caused by: [\s\S]*the reason/)
  expect(lines[1]).toMatchObject({ message: 'could not ship', orderId: 7, errorType: 'RangeError' })
})

it('module is that of a child logger', async () => {
  const [app, lines] = await loggingApp()
  app.log.child({ module: 'billing' }).warn('x')
  app.log.child({ other: 1 }).child({ module: 'deep' }).warn('x')
  app.log.warn({ module: 'given' }, 'x')
  expect(lines.map((line) => line.module)).toEqual(['billing', 'deep', 'given'])
})

it('requests are logged without secrets of their URL', async () => {
  const [app, lines] = await loggingApp()
  app.get('/', () => 'ok')
  await app.inject('/?api_key=hunter2&page=3')
  expect(JSON.stringify(lines)).not.toContain('hunter2')
  expect(lines[0]).toMatchObject({
    message: 'incoming request',
    req: { method: 'GET', url: '/?api_key=[redacted]&page=3', remoteAddress: '127.0.0.1' },
  })
  expect(lines[1]).toMatchObject({ message: 'request completed', res: { statusCode: 200 } })
})

it('secrets are redacted in fields, bindings, messages, values and errors', async () => {
  const [app, lines] = await loggingApp({ redact: { keys: ['nickname'] } })
  app.log.info({ password: 'hunter2', deep: { NickName: 'hunter2' } }, 'x')
  app.log.info('login with password=hunter2')
  app.log.info('login with %s and %j', 'token: hunter2', { secret: 'hunter2' })
  app.log.child({ apiKey: 'hunter2' }).info('x')
  app.log.error(new Error('https://ann:hunter2@example.com refused'))
  app.log.error({ err: new Error('password=hunter2') })
  expect(lines).toHaveLength(6)
  expect(JSON.stringify(lines)).not.toContain('hunter2')
})

it('a crash of a handler is one line at ERROR', async () => {
  const [app, lines] = await loggingApp()
  app.get('/', () => {
    throw new RangeError('too far')
  })
  await app.inject('/')
  const errors = lines.filter((line) => line.level === 'ERROR')
  expect(errors).toHaveLength(1)
  expect(errors[0]).toMatchObject({ errorType: 'RangeError', message: 'too far', status: 500 })
})

it('each sink has its own level', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scs-log-'))
  const path = join(folder, 'app.log')
  const [app, lines] = await loggingApp({ file: { path, level: 'error' } })
  app.log.debug('low')
  app.log.error('high')
  expect(lines.map(({ message }) => message)).toEqual(['low', 'high'])
  const inFile = readFileSync(path, 'utf8').trimEnd().split('\n')
  expect(inFile.map((line) => JSON.parse(line).message)).toEqual(['high'])
  expect(statSync(path).mode & 0o777).toBe(0o600)
  rmSync(folder, { recursive: true })
})

it.each([
  [{ stdout: { level: 'loud' } }, 'stdout.level: expected one of TRACE, DEBUG'],
  [{ sorce: 'x' }, 'sorce: expected no such option'],
  [{ file: {} }, 'file.path: expected a path'],
])('wrong options are an error that names them: %j', (options, text) => {
  expect(() => scsLogger(options as ScsLoggerOptions)).toThrow(
    expect.objectContaining({ code: 'SCS_ERR_OPTIONS', message: expect.stringContaining(text) }),
  )
})
