import scsPlugin from '@fastify-scs/core'
import queryLog from '@fastify-scs/query-log'
import Fastify, { type FastifyRequest } from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { beginQuery, beginQueryOf, observerFailed } from '../src/request-queries.js'
import { begin, buildApp, factOf, run, sleep } from './build-app.js'

const NO_QUERIES = { queries: 0, leftOut: 0, failures: 0 }

describe('the queries of a request', () => {
  it('are its fact `queries`, grouped by statement, in the order of their runs', async () => {
    const { app } = await buildApp()
    app.get('/', async (request) => {
      await run("SELECT * FROM orders WHERE id = 'a'")
      for (let index = 0; index < 5; index += 1)
        await run(`SELECT * FROM order_lines WHERE order_id = ${index}`)
      return factOf(request)
    })
    const before = Date.now()
    const fact = (await app.inject('/')).json()
    expect(fact).toMatchObject({
      count: 6,
      leftOut: 0,
      statements: [
        {
          system: 'postgresql',
          text: 'SELECT * FROM orders WHERE id = ?',
          times: 1,
          isRepeated: false,
        },
        { text: 'SELECT * FROM order_lines WHERE order_id = ?', times: 5, isRepeated: true },
      ],
    })
    expect(fact.list.map((one: { statement: number }) => one.statement)).toEqual([0, 1, 1, 1, 1, 1])
    expect(fact.list[0]).toMatchObject({ waitMs: null, rows: 1, errorCode: null })
    expect(fact.list[0].durationMs).toBeGreaterThan(0)
    // Date.now() has whole milliseconds.
    expect(fact.list[0].at).toBeGreaterThanOrEqual(before - 2)
    expect(fact.list[5].at).toBeLessThanOrEqual(Date.now() + 2)
    expect(app.queryLog.stats()).toEqual({ ...NO_QUERIES, queries: 6 })
  })

  it('are no fact where there were none', async () => {
    const { app } = await buildApp()
    app.get('/', (request) => ({ facts: Object.keys(app.scs.requestFacts.of(request)) }))
    expect((await app.inject('/')).json()).toEqual({ facts: [] })
  })

  it('are no fact any more once the app is closed', async () => {
    const { app } = await buildApp()
    let kept: FastifyRequest | undefined
    app.get('/', async (request) => {
      kept = request
      await run('SELECT 1')
    })
    await app.inject('/')
    expect(factOf(kept as FastifyRequest)?.count).toBe(1)
    await app.close()
    expect(factOf(kept as FastifyRequest)).toBeUndefined()
  })

  it('are found in a child context, with the settings of the app', async () => {
    const { app } = await buildApp({ repeatedFrom: 2 })
    await app.register(async (child) => {
      child.get('/child', async (request) => {
        await run('SELECT 1')
        await run('SELECT 2')
        return factOf(request)
      })
    })
    expect((await app.inject('/child')).json().statements).toMatchObject([
      { text: 'SELECT ?', times: 2, isRepeated: true },
    ])
    expect(app.queryLog.stats().queries).toBe(2)
  })
})

describe('a query that belongs to no request of the app', () => {
  it('is not noted outside of requests', async () => {
    const { app } = await buildApp()
    expect(beginQuery({ system: 'sqlite', statement: 'SELECT 1' })).toBeUndefined()
    expect(app.queryLog.stats()).toEqual(NO_QUERIES)
  })

  it('is not noted in an app without the plugin, nor by another one', async () => {
    const { app } = await buildApp()
    const other = Fastify()
    await other.register(scsPlugin, { source: 'other', audit: false, context: true })
    onTestFinished(() => other.close())
    other.get('/', (request) => ({
      noted: begin('SELECT 1') !== undefined,
      of: beginQueryOf(request, { system: 'sqlite', statement: 'SELECT 1' }) !== undefined,
    }))
    expect((await other.inject('/')).json()).toEqual({ noted: false, of: false })
    expect(app.queryLog.stats()).toEqual(NO_QUERIES)
  })

  it('is counted by the app whose request it is, where there are two', async () => {
    const [{ app: one }, { app: two }] = [await buildApp(), await buildApp()]
    for (const app of [one, two])
      app.get('/', async (request) => {
        await run('SELECT 1')
        return factOf(request)
      })
    await Promise.all([one.inject('/'), one.inject('/'), two.inject('/')])
    expect([one.queryLog.stats().queries, two.queryLog.stats().queries]).toEqual([2, 1])
  })

  it('is not noted in a context beside that of the plugin', async () => {
    const app = Fastify()
    onTestFinished(() => app.close())
    await app.register(scsPlugin, { source: 'test', audit: false, context: true })
    await app.register(async (child) => {
      await child.register(queryLog)
      child.get('/with', (request) => ({
        noted: begin('SELECT 1') !== undefined,
        fact: factOf(request)?.count,
      }))
    })
    app.get('/without', (request) => ({
      noted: begin('SELECT 1') !== undefined,
      fact: factOf(request)?.count ?? 0,
    }))
    expect((await app.inject('/with')).json()).toEqual({ noted: true, fact: 1 })
    expect((await app.inject('/without')).json()).toEqual({ noted: false, fact: 0 })
  })
})

describe('a query after the answer has left', () => {
  it('still counts for its request', async () => {
    const { app } = await buildApp()
    let kept: FastifyRequest | undefined
    let over = (): void => undefined
    const later = new Promise<void>((resolve) => {
      over = resolve
    })
    app.get('/', (request) => {
      kept = request
      const query = begin('SELECT 1')
      setTimeout(async () => {
        await run('SELECT 2')
        query?.end()
        over()
      }, 5)
      return 'left'
    })
    await app.inject('/')
    await later
    expect(factOf(kept as FastifyRequest)).toMatchObject({ count: 2, statements: [{ times: 2 }] })
  })
})

describe('an observer that fails', () => {
  it('is counted, logged once, and throws nothing at its caller', async () => {
    const { app, log } = await buildApp()
    const broken = {
      get system(): string {
        throw new Error('broken observer, password=hunter2')
      },
      statement: 'SELECT 1',
    }
    app.get('/', (request) => {
      observerFailed(new Error('first'))
      return [beginQuery(broken) ?? null, beginQueryOf(request, broken) ?? null]
    })
    expect((await app.inject('/')).json()).toEqual([null, null])
    await app.inject('/')
    expect(app.queryLog.stats()).toEqual({ ...NO_QUERIES, failures: 6 })
    const told = log.filter((line) => line.msg.includes('could not be noted'))
    expect(told).toHaveLength(1)
    expect(JSON.stringify(told)).toContain('first')
  })

  it('leaves the clock right when only the end of a query is broken', async () => {
    const { app } = await buildApp()
    const end = {
      get rows(): number {
        throw new Error('broken')
      },
    }
    app.get('/', async (request) => {
      begin('SELECT 1')?.end(end)
      const { durationMs } = factOf(request) ?? { durationMs: -1 }
      await sleep(5)
      return { isIdle: factOf(request)?.durationMs === durationMs }
    })
    expect((await app.inject('/')).json()).toEqual({ isIdle: true })
    expect(app.queryLog.stats().failures).toBe(1)
  })
})

describe('the plugin', () => {
  it('is registered once in a context', async () => {
    const { app } = await buildApp()
    await expect(app.register(queryLog)).rejects.toMatchObject({
      code: 'SCS_QUERY_LOG_ERR_ALREADY_REGISTERED',
    })
  })

  it.each([
    [{ maxQueries: 0 }, 'maxQueries'],
    [{ repeatedFrom: 1 }, 'repeatedFrom'],
    [{ channels: 1 }, 'channels'],
    [{ maxQuerys: 1 }, 'maxQuerys'],
  ])('refuses %j', async (options, path) => {
    const app = Fastify()
    onTestFinished(() => app.close())
    await app.register(scsPlugin, { source: 'test', audit: false })
    await expect(app.register(queryLog, options as object)).rejects.toMatchObject({
      code: 'SCS_QUERY_LOG_ERR_OPTIONS',
      message: expect.stringContaining(path),
    })
  })
})
