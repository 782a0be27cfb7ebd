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

it('an error is written as its type and its stack, with its causes', async () => {
  const [app, lines] = await loggingApp()
  const error = new RangeError('too far', { cause: new TypeError('the reason') })
  app.log.error(error)
  app.log.error({ err: error, orderId: 7 }, 'could not %s', 'ship')
  expect(lines[0]).toMatchObject({ level: 'ERROR', message: 'too far', errorType: 'RangeError' })
  expect(lines[0]?.errorInfo).toMatch(/scs-logger\.test[\s\S]*caused by: [\s\S]*the reason/)
  expect(lines[1]).toMatchObject({ message: 'could not ship', orderId: 7, errorType: 'RangeError' })
})

it('`module` is the binding of a child logger', async () => {
  const [app, lines] = await loggingApp()
  app.log.child({ module: 'billing' }).warn('x')
  app.log.child({ other: 1 }).child({ module: 'deep' }).warn('x')
  app.log.warn({ module: 'given' }, 'x')
  expect(lines.map((line) => line.module)).toEqual(['billing', 'deep', 'given'])
})

it('requests are logged without the secrets of their URLs', async () => {
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

it.each<[string, readonly unknown[], string]>([
  [
    'a placeholder behind a key',
    ['token=%s user=%s', 'hunter2', 'bob'],
    'token=[redacted] user=bob',
  ],
  ['numbers', ['pin=%d of %d', 4711, 3], 'pin=[redacted] of 3'],
  [
    'a placeholder with nothing for it',
    ['for %s: password=hunter2'],
    'for %s: password=[redacted]',
  ],
  [
    'an object',
    ['sent %j to %s', { secret: 'hunter2', id: 1 }, 'ann'],
    'sent {"secret":"[redacted]","id":1} to ann',
  ],
  [
    'a secret that only the whole text shows',
    ['%s=%s', 'password', 'hunter2'],
    'password=[redacted]',
  ],
  [
    'fields before it',
    [{ id: 7 }, 'token=%s user=%s', 'hunter2', 'bob'],
    'token=[redacted] user=bob',
  ],
  [
    'nothing before it',
    [undefined, 'token=%s user=%s', 'hunter2', 'bob'],
    'token=[redacted] user=bob',
  ],
  ['null before it', [null, 'token=%s user=%s', 'hunter2', 'bob'], 'token=[redacted] user=bob'],
  ['a percent sign', ['100%% of %s', 'bob'], '100% of bob'],
])('a message is redacted after it is formatted: %s', async (_what, args, message) => {
  const [app, lines] = await loggingApp()
  const log = app.log.info.bind(app.log) as (...values: readonly unknown[]) => void
  log(...args)
  expect(lines[0]?.message).toBe(message)
  expect(JSON.stringify(lines)).not.toMatch(/hunter2|4711/)
})

it('the prefix of messages (msgPrefix) is redacted with them', async () => {
  const [app, lines] = await loggingApp()
  app.log.child({}, { msgPrefix: 'password=' }).info('hunter2, user=%s', 'bob')
  expect(lines[0]?.message).toBe('password=[redacted], user=bob')
})

it('bindings are redacted whenever they are set, and for children of children too', async () => {
  const [app, lines] = await loggingApp()
  const root = app.log as typeof app.log & { setBindings(bindings: object): void }
  const child = root.child({ job: 1 }) as typeof root
  child.setBindings({ apiKey: 'hunter2' })
  child.info('x')
  child.child({ step: 2 }).info('x')
  root.child({ password: 'hunter2' }).child({ step: 3 }).info('x')
  root.setBindings({ session: { token: 'hunter2' } })
  root.info('x')
  root.child({ step: 4 }).info('x')
  child.setBindings({ secret: 'hunter2' })
  child.info('x')
  expect(lines).toHaveLength(6)
  expect(JSON.stringify(lines)).not.toContain('hunter2')
  expect(lines[0]).toMatchObject({ job: 1, apiKey: '[redacted]', source: 'orders' })
  expect(lines[1]).toMatchObject({ job: 1, step: 2 })
})

it('an error is redacted also without a prototype, in its code and in the name of its class', async () => {
  const [app, lines] = await loggingApp()
  const bare = Object.assign(Object.create(null) as object, {
    name: 'E',
    message: 'password=hunter2',
    stack: 'E: password=hunter2',
  })
  app.log.error({ err: bare }, 'x')
  app.log.error(Object.setPrototypeOf(new Error('password=hunter2'), null))
  app.log.error(Object.assign(new Error('x'), { code: 'token=hunter2' }))
  class Odd extends Error {}
  Object.defineProperty(Odd, 'name', { value: 'password=hunter2' })
  app.log.error(new Odd('x'))
  app.log.error({ err: new Proxy(new Error('x'), { get: () => 'password=hunter2' }) }, 'x')
  expect(lines).toHaveLength(5)
  expect(JSON.stringify(lines)).not.toContain('hunter2')
})

it('control characters and direction marks are escaped in every value and key', async () => {
  const texts: string[] = []
  const app = Fastify({ logger: scsLogger({ stream: { write: (line) => void texts.push(line) } }) })
  const odd = 'a\u007fb\u0085c\u009bd\u2028e\u2029f\u202eg\u2066h\u200fi\u061cj\u{1f600}k'
  app.log.child({ binding: odd }).info({ [odd]: odd, deep: [odd], err: new Error(odd) }, odd)
  const [text = ''] = texts
  expect(text).not.toMatch(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/)
  expect(text.endsWith('\n')).toBe(true)
  expect(JSON.parse(text)).toMatchObject({ message: odd, binding: odd, [odd]: odd, deep: [odd] })
})

it('an error that a handler throws is one line at the level ERROR', async () => {
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
])('wrong options throw an error that names them: %j', (options, text) => {
  expect(() => scsLogger(options as ScsLoggerOptions)).toThrow(
    expect.objectContaining({ code: 'SCS_ERR_OPTIONS', message: expect.stringContaining(text) }),
  )
})
