import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin, { type ScsOptions, scsLogger } from '@fastify-scs/core'
import type { LogLineFact } from '@fastify-scs/core/kit'
import Fastify, {
  type FastifyInstance,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished, vi } from 'vitest'

interface Crumbed {
  readonly app: FastifyInstance
  /** What the last request had logged when its answer had left. */
  lines(): LogLineFact[]
  /** `level: message` of them. */
  told(): string[]
}

async function buildApp(
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

function linesOf(request: FastifyRequest): LogLineFact[] {
  return (request.server.scs.requestFacts.of(request).log_lines ?? []) as LogLineFact[]
}

function logThree({ log }: FastifyRequest): string {
  log.info('begins')
  log.warn({ stock: 1 }, 'stock is low')
  log.child({ part: 'payment' }).error(new Error('refused'))
  return 'ok'
}

const THREE = ['info: begins', 'warn: stock is low', 'error: refused']

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'scs-breadcrumbs-'))
  onTestFinished(() => rm(made, { recursive: true, force: true }))
  return made
}

/** Loggers of every kind; each writes to the path. */
const LOGGERS: Readonly<Record<string, (path: string) => FastifyServerOptions>> = {
  'a file of Fastify': (file) => ({ logger: { file } }),
  'a destination that writes later': (dest) => ({
    logger: { stream: pino.destination({ dest, sync: false, minLength: 4_096 }) },
  }),
  'a multistream': (dest) => ({
    logger: { stream: pino.multistream([pino.destination(dest), { stream: { write: () => {} } }]) },
  }),
  'a transport in a worker': (destination) => ({
    logger: { transport: { target: 'pino/file', options: { destination } } },
  }),
  'a logger instance': (dest) => ({ loggerInstance: pino({}, pino.destination(dest)) }),
  'a child as logger instance': (dest) => ({
    loggerInstance: pino({}, pino.destination(dest)).child({ service: 'orders' }),
  }),
  'the application log of SCS': (path) => ({ logger: scsLogger({ file: { path } }) }),
}

describe.each(Object.entries(LOGGERS))('with %s', (_name, optionsFor) => {
  it('reports have what the request has logged, and the log has it too', async () => {
    const path = join(await folder(), 'app.log')
    const { app, told } = await buildApp(optionsFor(path))
    app.get('/', logThree)
    expect((await app.inject('/')).statusCode).toBe(200)
    expect(told()).toEqual(THREE)
    await vi.waitFor(async () => {
      ;(app.log as { flush?: () => void }).flush?.()
      const written = await readFile(path, 'utf8')
      for (const text of [
        'incoming request',
        'begins',
        'stock is low',
        'refused',
        'request completed',
      ]) {
        expect(written).toContain(text)
      }
    }, 10_000)
  })
})

describe('what is written', () => {
  const written = async (breadcrumbs: boolean): Promise<string[]> => {
    const lines: string[] = []
    const logger = {
      ...{ base: { source: 'x' }, timestamp: () => ',"time":1' },
      serializers: { req: () => ({}), res: () => ({}) },
      stream: {
        write: (line: string) => void lines.push(line.replace(/"responseTime":[\d.]+/, '')),
      },
    }
    const { app } = await buildApp({ logger }, { breadcrumbs })
    app.get('/', logThree)
    await app.inject('/')
    await app.inject('/unknown')
    return lines.map((line) => line.replace(/"stack":"[^"]*"/, ''))
  }

  it('is the same with and without breadcrumbs', async () => {
    const lines = await written(true)
    expect(lines.length).toBeGreaterThan(5)
    expect(lines).toEqual(await written(false))
  })

  it('goes to the same stream, which keeps its methods and its `this`', async () => {
    const stream = {
      written: 0,
      write(_line: string) {
        this.written++
        return false
      },
      flushSync: () => undefined,
      reopen: () => undefined,
    }
    const methods = { ...stream }
    const { app, told } = await buildApp({ logger: { stream } })
    app.get('/', logThree)
    await app.inject('/')
    expect(told()).toEqual(THREE)
    expect(stream.written).toBe(5)
    expect({ ...stream, written: 0 }).toEqual(methods)
  })
})

describe('the lines of a request', () => {
  it('are those of levels that are written, and neither Fastify’s own nor those of the app', async () => {
    const { app, told } = await buildApp()
    const ofPlugin = app.log.child({ plugin: 'orders' })
    app.get('/', (request) => {
      app.log.info('of the app')
      ofPlugin.info('of a plugin')
      request.log.debug('not written')
      request.log.info('of the request')
      return 'ok'
    })
    app.get('/loud', { logLevel: 'debug' }, (request) => {
      request.log.debug('written')
      return 'ok'
    })
    await app.inject('/')
    expect(told()).toEqual(['info: of the request'])
    await app.inject('/loud')
    expect(told()).toEqual(['debug: written'])
  })

  it('are the messages alone, as they were formatted', async () => {
    const { app, told } = await buildApp()
    app.get('/', ({ log }) => {
      log.info({ canary: 'k3y-0f-th3-0bj3ct' }, '%d of %s', 3, 'five')
      log.info({ canary: 'k3y-0f-th3-0bj3ct' })
      log.info({ msg: 'of the object' })
      log.child({}, { msgPrefix: '[stock] ' }).info('low')
      return 'ok'
    })
    await app.inject('/')
    expect(told()).toEqual(['info: 3 of five', 'info: of the object', 'info: [stock] low'])
  })

  it('are found whatever the message, the levels and the fields of a line are called', async () => {
    const options: FastifyServerOptions['logger'][] = [
      {
        messageKey: 'text',
        nestedKey: 'payload',
        formatters: { level: (level) => ({ severity: level }) },
      },
      { customLevels: { begins: 33 }, timestamp: false, base: null },
      {
        formatters: { level: (_level, severity) => ({ severity }) },
        timestamp: pino.stdTimeFunctions.isoTime,
      },
    ]
    for (const logger of options) {
      const { app, told } = await buildApp({
        logger: { stream: { write: () => undefined }, ...(logger as object) },
      })
      app.get('/', logThree)
      await app.inject('/')
      expect(told()).toEqual(THREE)
    }
    const loggerInstance = pino({ customLevels: { audit: 35 } }, { write: () => undefined })
    const { app, told } = await buildApp({ loggerInstance: loggerInstance as never })
    app.get('/', ({ log }) => {
      ;(log as unknown as typeof loggerInstance).audit('seen')
      return 'ok'
    })
    await app.inject('/')
    expect(told()).toEqual(['audit: seen'])
  })

  it('are found whatever their id is and is called', async () => {
    const ids = ['a"b\\c', 'new\nline', 'é\u2028\ud800', '', 7, 'req-1'] as string[]
    for (const id of ids) {
      const { app, told } = await buildApp({ genReqId: () => id, requestIdLogLabel: 'the "id"' })
      app.get('/', logThree)
      await app.inject('/')
      expect(told(), id).toEqual(THREE)
    }
  })

  it('are found where the application makes or replaces the loggers of requests', async () => {
    const { app, told } = await buildApp({
      childLoggerFactory: (logger, bindings, options) =>
        logger.child({ tenant: 'acme' }).child({ ...bindings, route: 1 }, options),
    })
    app.addHook('onRequest', (request, _reply, done) => {
      request.log.info('first')
      request.log = request.log.child({ user: 42 })
      done()
    })
    app.get('/', logThree)
    await app.inject('/')
    expect(told()).toEqual(['info: first', ...THREE])
  })

  it('are left out where requests share a logger that names none of them', async () => {
    const { app, told } = await buildApp({ childLoggerFactory: (logger) => logger })
    app.get('/', logThree)
    await app.inject('/')
    expect(told()).toEqual([])
  })

  it('are those of the request that a cached logger names, and of no other', async () => {
    let cached: FastifyRequest['log'] | undefined
    const { app, told } = await buildApp({
      childLoggerFactory: (logger, bindings, options) => {
        cached ??= logger.child(bindings, options)
        return cached as never
      },
    })
    app.get('/', logThree)
    await app.inject('/')
    await app.inject('/')
    expect(told()).toEqual([])
  })

  it('have their times, the oldest first', async () => {
    const { app, lines } = await buildApp()
    app.get('/', async ({ log }) => {
      log.info('one')
      await new Promise((resolve) => setTimeout(resolve, 15))
      log.info('two')
    })
    const before = Date.now()
    await app.inject('/')
    const [one, two] = lines() as [LogLineFact, LogLineFact]
    expect(one.at).toBeGreaterThanOrEqual(before)
    expect(two.at - one.at).toBeGreaterThan(8)
  })

  it('are the newest 20, of 1,000 characters each', async () => {
    const { app, lines } = await buildApp()
    app.get('/', ({ log }) => {
      for (let index = 0; index < 10_000; index++) log.info(`line ${index}`)
      log.info('x'.repeat(5_000))
      log.info('y'.repeat(50_000))
      return 'ok'
    })
    await app.inject('/')
    const messages = lines().map(({ message }) => message)
    expect(messages).toHaveLength(20)
    expect(messages[0]).toBe('line 9982')
    expect(messages[18]).toHaveLength(1_000)
    expect(messages[19]).toBe('[a line of more than 16384 characters]')
  })

  it('are part of its time line', async () => {
    const { app } = await buildApp()
    app.get('/', (request) => {
      logThree(request)
      return request.timeline()
    })
    const entries = (await app.inject('/')).json<
      { what: string; title: string; isFailed: boolean }[]
    >()
    expect(entries.map(({ title }) => title)).toEqual(THREE)
    expect(entries.map(({ what, isFailed }) => [what, isFailed])).toEqual([
      ['log', false],
      ['log', false],
      ['log', true],
    ])
  })
})

describe('secrets', () => {
  const CANARY = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2VjcmV0LXNpZ25hdHVyZS0wMQ'
  const logSecrets = ({ log }: FastifyRequest): string => {
    log.info(`token=${CANARY}`)
    log.info({ authorization: `Bearer ${CANARY}` }, 'Authorization: Bearer %s', CANARY)
    log.error(new Error(`https://bob:${CANARY}@a.test/?access_token=${CANARY}`))
    return 'ok'
  }

  it('that are logged are in no fact, with any logger', async () => {
    for (const logger of [
      { stream: { write: () => undefined } },
      scsLogger({ stream: { write: () => undefined } }),
    ]) {
      const { app, lines } = await buildApp({ logger })
      app.get('/', logSecrets)
      await app.inject('/')
      expect(lines()).toHaveLength(3)
      expect(JSON.stringify(lines())).not.toContain('eyJ')
    }
  })

  it('that the application takes out of its log itself are in no fact', async () => {
    const stream = { write: () => undefined }
    const own = /plain-canary-\d+/g
    const loggers: NonNullable<FastifyServerOptions['logger']>[] = [
      { stream, redact: ['msg'] },
      { stream, serializers: { msg: (text: string) => text.replace(own, '-') } },
      { stream, hooks: { streamWrite: (line: string) => line.replace(own, '-') } },
    ]
    for (const logger of loggers) {
      const { app, lines } = await buildApp({ logger })
      app.get('/', ({ log }) => {
        log.info('plain-canary-42')
        return 'ok'
      })
      await app.inject('/')
      expect(lines()).toHaveLength(1)
      expect(JSON.stringify(lines())).not.toContain('canary')
    }
  })
})

describe('nothing of one request is among the lines of another', () => {
  it('of 200 at once that have the same id', async () => {
    const { app } = await buildApp({ requestIdHeader: 'x-request-id' })
    app.get<{ Params: { n: string } }>('/:n', async (request) => {
      const { n } = request.params
      for (let index = 0; index < 5; index++) {
        request.log.info(`${n} says ${index}`)
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
      }
      return linesOf(request).map(({ message }) => message)
    })
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    const headers = { 'x-request-id': 'the-same' }
    const all = Array.from({ length: 200 }, async (_, n) => {
      const answer = await fetch(`${address}/${n}`, { headers })
      expect(await answer.json()).toEqual([0, 1, 2, 3, 4].map((index) => `${n} says ${index}`))
    })
    await Promise.all(all)
  })

  it('of two apps that share a logger', async () => {
    const loggerInstance = pino({}, { write: () => undefined })
    const own = Object.getOwnPropertySymbols(loggerInstance)
    const apps = [await buildApp({ loggerInstance }), await buildApp({ loggerInstance })]
    for (const [index, { app }] of apps.entries()) {
      app.get('/', ({ log }) => {
        log.info(`app ${index}`)
        return 'ok'
      })
    }
    await Promise.all(apps.map(({ app }) => app.inject('/')))
    expect(apps.map(({ told }) => told())).toEqual([['info: app 0'], ['info: app 1']])
    expect(Object.getOwnPropertySymbols(loggerInstance)).toEqual(own)
  })

  it('of two contexts that have a core of their own', async () => {
    const app = Fastify({ logger: { stream: { write: () => undefined } } })
    onTestFinished(() => app.close())
    for (const prefix of ['/a', '/b']) {
      await app.register(
        async (child) => {
          await child.register(scsPlugin, { audit: false })
          child.get('/', (request) => {
            request.log.info(prefix)
            return linesOf(request).map(({ message }) => message)
          })
        },
        { prefix },
      )
    }
    const [a, b] = await Promise.all([app.inject('/a'), app.inject('/b')])
    expect([a.json(), b.json()]).toEqual([['/a'], ['/b']])
  })

  it('of one connection of HTTP/2', async () => {
    const { connect } = await import('node:http2')
    const app = Fastify({ http2: true, logger: { stream: { write: () => undefined } } })
    onTestFinished(() => app.close())
    await app.register(scsPlugin, { audit: false })
    app.get('/:n', async (request) => {
      request.log.info(request.url)
      await new Promise((resolve) => setTimeout(resolve, 10))
      return linesOf(request as never).map(({ message }) => message)
    })
    const session = connect(await app.listen({ port: 0, host: '127.0.0.1' }))
    const ask = (path: string) =>
      new Promise<string>((resolve, reject) => {
        let body = ''
        session
          .request({ ':path': path })
          .setEncoding('utf8')
          .on('data', (part: string) => {
            body += part
          })
          .on('end', () => resolve(body))
          .on('error', reject)
      })
    const bodies = await Promise.all(['/1', '/2', '/3'].map(ask))
    session.close()
    expect(bodies).toEqual(['["/1"]', '["/2"]', '["/3"]'])
  })
})

describe('a logger that is not pino’s', () => {
  const strange = () => {
    const said: string[] = []
    const say = (...args: unknown[]): void => void said.push(String(args.at(-1)))
    const loggerInstance = {
      ...{ level: 'info', info: say, error: say, debug: say, fatal: say, warn: say, trace: say },
      ...{ silent: say, child: () => loggerInstance },
    }
    return { said, loggerInstance: loggerInstance as never }
  }

  it('gives no lines, which is said once where they were asked for', async () => {
    const { said, loggerInstance } = strange()
    const { app, told } = await buildApp({ loggerInstance }, { breadcrumbs: true })
    app.get('/', logThree)
    await app.inject('/')
    await app.inject('/')
    expect(told()).toEqual([])
    expect(said.filter((line) => line.startsWith('breadcrumbs'))).toHaveLength(1)
    const silent = strange()
    await buildApp({ loggerInstance: silent.loggerInstance })
    expect(silent.said.filter((line) => line.startsWith('breadcrumbs'))).toEqual([])
  })

  it('is that of `logger: false`, too', async () => {
    const { app, told } = await buildApp({ logger: false }, { breadcrumbs: true })
    app.get('/', logThree)
    expect((await app.inject('/')).statusCode).toBe(200)
    expect(told()).toEqual([])
  })
})

describe('an application', () => {
  it('may do without', async () => {
    const { app, told } = await buildApp({}, { breadcrumbs: false })
    app.get('/', logThree)
    await app.inject('/')
    expect(told()).toEqual([])
  })

  it('logs on after its close, and its logger is as it was', async () => {
    const written: string[] = []
    const app = Fastify({ logger: { stream: { write: (line) => void written.push(line) } } })
    const own = Object.getOwnPropertySymbols(app.log)
    await app.register(scsPlugin, { audit: false, breadcrumbs: true })
    await app.ready()
    expect(Object.getOwnPropertySymbols(app.log)).not.toEqual(own)
    await app.close()
    app.log.info('afterwards')
    expect(written.at(-1)).toContain('afterwards')
    expect(Object.getOwnPropertySymbols(app.log)).toEqual(own)
  })

  it('may freeze its loggers, or wrap them so that they throw', async () => {
    const wrapped = (logger: object): object =>
      new Proxy(logger, {
        set: () => {
          throw new Error('trap')
        },
      })
    for (const change of [Object.freeze, wrapped]) {
      const { app, told } = await buildApp({
        childLoggerFactory: (logger, bindings, options) =>
          change(logger.child(bindings, options)) as never,
      })
      app.get('/', ({ log }) => {
        log.info('said')
        return 'ok'
      })
      expect((await app.inject('/')).statusCode).toBe(200)
      expect(told()).toEqual([])
    }
    const app = Fastify({ logger: { stream: { write: () => undefined } } })
    onTestFinished(() => app.close())
    Object.freeze(app.log)
    await app.register(scsPlugin, { audit: false })
    await app.ready()
    expect(app.scs.source).toBe('app')
  })
})
