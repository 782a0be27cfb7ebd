import { ServiceError } from '@fastify-scs/core'
import errorReporter, {
  type ErrorReporterOptions,
  fileReporter,
  slackReporter,
  webhookReporter,
} from '@fastify-scs/error-reporter'
import Fastify from 'fastify'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { boom, buildApp } from './build-app.js'

afterEach(() => vi.unstubAllEnvs())

it.each([
  [{ errorReporters: [] }, 'Option errorReporters: expected no such option'],
  [{ errorReporter: 'mail' }, 'Option errorReporter: expected a function or a list of functions'],
  [{ growth: 0.5 }, 'Option growth: expected a number, 1 to 1000, got 0.5'],
  [{ maxCallsPerMinute: 0 }, 'Option maxCallsPerMinute: expected a whole number, 1 to 100000, or'],
  [{ delivery: { timeoutMs: -1 } }, 'Option delivery.timeoutMs: expected a whole number, 1 to'],
  [{ delivery: { timeout: 1 } }, 'Option delivery.timeout: expected no such option'],
  [{ ignore: [] }, 'Option ignore: expected an object { classes?, ids?, when? }'],
])('a wrong option fails at registration: %j', async (options, message) => {
  const build = buildApp({ reporter: options as unknown as ErrorReporterOptions })
  await expect(build).rejects.toThrow(message)
  await expect(build).rejects.toMatchObject({ code: 'SCS_REPORTER_ERR_OPTIONS' })
})

it('a second registration fails', async () => {
  const { app } = await buildApp()
  await expect(app.register(errorReporter).ready()).rejects.toMatchObject({
    code: 'SCS_REPORTER_ERR_ALREADY_REGISTERED',
  })
})

it('without core the registration fails', async () => {
  await expect(Fastify().register(errorReporter).ready()).rejects.toThrow('@fastify-scs/core')
})

it.each(['ftp://x', 'no url', '', undefined])(
  'what is not an http or https URL fails at once: %j',
  (url) => {
    for (const make of [webhookReporter, slackReporter]) {
      expect(() => make({ url })).toThrow('expected an http or https URL')
    }
  },
)

it('a URL of a variable that is not set is said to be undefined, and a wrong one is not shown', () => {
  for (const make of [webhookReporter, slackReporter]) {
    expect(() => make({ url: process.env.NOPE as string })).toThrow('got undefined')
    expect(() => make({ url: 'hooks.slack.com/secret' })).toThrow('got a text of 22 characters')
  }
})

it('a report file in a missing folder fails at once', () => {
  expect(() => fileReporter({ path: '/no/such/folder/reports.jsonl' })).toThrow(
    expect.objectContaining({ code: 'SCS_REPORTER_ERR_FILE' }),
  )
})

it('the default reporter is the log', async () => {
  const test = await buildApp({ reporter: { errorReporter: undefined as never } })
  expect(test.app.errorReporter.stats().reporters).toMatchObject([{ name: 'log' }])
})

describe('NO_ERROR_REPORTING', () => {
  it('switches reporting off', async () => {
    vi.stubEnv('NO_ERROR_REPORTING', '1')
    const test = await buildApp()
    test.app.get('/', boom)
    const answer = await test.app.inject('/')
    expect(answer.headers['x-error-id']).toBeUndefined()
    expect(test.app.reportError('Oops')).toBeUndefined()
    expect(await test.reported()).toEqual([])
  })

  it.each([
    ['1', 'yes'],
    ['0', ''],
    ['', ''],
  ])('%j with DO_REPORT_ERROR %j reports', async (off, on) => {
    vi.stubEnv('NO_ERROR_REPORTING', off)
    vi.stubEnv('DO_REPORT_ERROR', on)
    const test = await buildApp()
    test.app.reportError('Oops')
    expect(await test.reported()).toHaveLength(1)
  })
})

describe('ignore', () => {
  class Expected extends ServiceError {
    static override readonly code = 'EXPECTED'
    static override readonly status = 503
  }
  class MoreExpected extends Expected {}

  it.each<[string, ErrorReporterOptions['ignore'] & object]>([
    ['classes', { classes: [Expected] }],
    ['ids', { ids: ['expected'] }],
    ['codes', { ids: ['EXPECTED'] }],
    ['a predicate', { when: (error, request) => error instanceof Expected && request.url === '/' }],
  ])('leaves errors out by %s: no report, no id, but counted', async (_name, ignore) => {
    const test = await buildApp({ reporter: { ignore } })
    test.app.get('/', () => {
      throw new MoreExpected('Sorry')
    })
    test.app.get('/bug', boom)
    const answer = await test.app.inject('/')
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['x-error-id']).toBeUndefined()
    expect(test.app.errorReporter.stats().ignored).toBe(1)
    await test.app.inject('/bug')
    expect(await test.reported()).toHaveLength(1)
  })

  it('leaves out what a route says, of its own answers only', async () => {
    const test = await buildApp()
    const fail = () => {
      throw new Expected('Sorry')
    }
    test.app.get('/expected', { config: { ignoredErrors: ['EXPECTED'] } }, fail)
    test.app.get('/other', fail)
    await test.app.inject('/expected')
    expect(test.app.errorReporter.stats().ignored).toBe(1)
    await test.app.inject('/other')
    expect(await test.reported()).toHaveLength(1)
  })

  it('reports when its predicate throws, and counts that', async () => {
    const test = await buildApp({ reporter: { ignore: { when: boom } } })
    test.app.get('/', boom)
    await test.app.inject('/')
    expect(await test.reported()).toHaveLength(1)
    expect(test.app.errorReporter.stats().callbackFailures.ignore).toBe(1)
  })
})

describe('beforeReport', () => {
  it.each<[string, ErrorReporterOptions['beforeReport'] & object]>([
    ['in place', (report) => void Object.assign(report, { title: 'changed' })],
    ['by returning another one', (report) => ({ ...report, title: 'changed' })],
  ])('changes a report %s', async (_name, beforeReport) => {
    const test = await buildApp({ reporter: { beforeReport } })
    test.app.reportError('Oops')
    const [call] = await test.reported()
    expect(call?.title).toBe('changed')
    expect(call?.message).toContain('"title": "changed"')
  })

  it('drops a report with null', async () => {
    const test = await buildApp({ reporter: { beforeReport: () => null } })
    test.app.reportError('Oops')
    expect(await test.reported()).toEqual([])
    expect(test.app.errorReporter.stats()).toMatchObject({ dropped: 1, reported: { nonFatal: 0 } })
  })

  it.each<[string, () => never]>([
    ['throws', boom],
    ['returns a promise', (() => Promise.reject(new Error('late'))) as never],
  ])('that %s drops the report: it may be what keeps data private', async (_name, beforeReport) => {
    const test = await buildApp({ reporter: { beforeReport } })
    test.app.get('/', boom)
    expect((await test.app.inject('/')).statusCode).toBe(500)
    expect(await test.reported()).toEqual([])
    expect(test.app.errorReporter.stats().callbackFailures.beforeReport).toBe(1)
  })

  it('may put anything into a report: reporters get plain data', async () => {
    const test = await buildApp({
      reporter: {
        beforeReport: (report) => void Object.assign(report, { map: new Map([['a', 1n]]) }),
      },
    })
    test.app.reportError('Oops')
    expect((await test.reported())[0]?.report).toMatchObject({ map: { a: '1' } })
  })
})
