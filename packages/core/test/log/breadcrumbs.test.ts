import { scsLogger } from '@fastify-scs/core'
import type { LogLineFact } from '@fastify-scs/core/kit'
import { type FastifyRequest, type FastifyServerOptions, LogController } from 'fastify'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { buildApp, logThree, THREE } from './crumbed-app.js'

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
      log.info(5 as never)
      return 'ok'
    })
    await app.inject('/')
    expect(told()).toEqual([
      'info: 3 of five',
      'info: of the object',
      'info: [stock] low',
      'info: 5',
    ])
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

  it('are found where their id looks like a secret', async () => {
    for (const logger of [
      { stream: { write: () => undefined } },
      scsLogger({ stream: { write: () => undefined } }),
    ]) {
      const genReqId = () => 'job/sk_live_4eC39HqLyjWDarjtT1zdp7dc'
      const { app, told } = await buildApp({ logger, genReqId })
      app.get('/', logThree)
      await app.inject('/')
      expect(told()).toEqual(THREE)
    }
  })

  it('are found where the name of their id is that of a log controller', async () => {
    const logController = new LogController({ requestIdLogLabel: 'call' })
    const { app, told } = await buildApp({ logController })
    app.get('/', logThree)
    await app.inject('/')
    expect(told()).toEqual(THREE)
  })

  it('are found beside those of a logger that makes the ones of requests', async () => {
    let shared: FastifyRequest['log'] | undefined
    const { app, told } = await buildApp({
      childLoggerFactory: (logger, bindings, options) => {
        shared ??= logger.child({ tenant: 'acme' }) as never
        return (shared as never as typeof logger).child(bindings, options)
      },
    })
    app.get('/', (request) => {
      shared?.info('of all')
      request.log.child({ part: 1 }).info('of a part')
      return logThree(request)
    })
    for (let times = 0; times < 3; times++) {
      await app.inject('/')
      expect(told()).toEqual(['info: of a part', ...THREE])
    }
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
