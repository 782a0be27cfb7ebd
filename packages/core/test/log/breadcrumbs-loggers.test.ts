import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin, { scsLogger } from '@fastify-scs/core'
import Fastify, { type FastifyRequest, type FastifyServerOptions } from 'fastify'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { buildApp, logThree, THREE } from './crumbed-app.js'

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
    let last: FastifyRequest | undefined
    app.get('/', (request) => {
      last = request
      return logThree(request)
    })
    await app.inject('/')
    expect(Object.getOwnPropertySymbols(app.log)).not.toEqual(own)
    expect(last && app.scs.requestFacts.of(last)).toHaveProperty('log_lines')
    await app.close()
    expect(last && app.scs.requestFacts.of(last)).toEqual({})
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
