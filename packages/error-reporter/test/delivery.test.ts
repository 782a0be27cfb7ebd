import { createRedactor } from '@fastify-scs/core'
import { isOwnCall } from '@fastify-scs/core/kit'
import {
  type ErrorReporter,
  type ErrorReporterOptions,
  webhookReporter,
} from '@fastify-scs/error-reporter'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Dispatcher, MAX_LINES_AT_ONCE } from '../src/delivery/dispatcher.js'
import { type DeliveryOptions, resolveOptions } from '../src/options.js'
import { boom, buildApp } from './build-app.js'
import { gate } from './gate.js'

const never = (): Promise<never> => new Promise(() => undefined)

/** An app with several reporters, which reports at each call, and reads no lines of code: nothing is to be waited for. */
async function appWith(
  errorReporter: readonly ErrorReporter[],
  delivery: ErrorReporterOptions['delivery'] = {},
) {
  const reporter = { errorReporter, delivery, growth: 1, maxCallsPerMinute: false } as const
  return buildApp({ reporter: { ...reporter, code: false } })
}

describe('behind the answer', () => {
  it('a reporter is called when the answer has left, not before', async () => {
    const titles: string[] = []
    const { app, reported } = await appWith([(title) => void titles.push(title)])
    const mayLeave = gate()
    app.get('/', { onSend: () => mayLeave.opened }, boom)
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    const failed = gate()
    app.scs.observeFailures(() => void failed.open())
    const answer = fetch(address)
    await failed.opened
    await reported()
    expect(titles).toEqual([])
    mayLeave.open()
    expect((await answer).status).toBe(500)
    while (titles.length === 0) await reported()
    await app.close()
  })

  it('closing the app reports a crash whose answer has not left', async () => {
    const titles: string[] = []
    const { app } = await appWith([(title) => void titles.push(title)])
    const failed = gate()
    app.scs.observeFailures(() => void failed.open())
    app.get('/', { onSend: () => new Promise<never>(() => undefined) }, boom)
    void app.inject('/').then(() => undefined)
    await failed.opened
    await app.close()
    expect(titles).toHaveLength(1)
  })

  it('a reporter that throws or never answers delays neither the answer nor another reporter', async () => {
    const titles: string[] = []
    const { app } = await appWith([never, boom, (title) => void titles.push(title)])
    app.get('/', boom)
    for (let at = 0; at < 20; at++) expect((await app.inject('/')).statusCode).toBe(500)
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    expect(titles).toHaveLength(20)
    const [stuck, failing, working] = app.errorReporter.stats().reporters
    expect(stuck).toMatchObject({ name: 'never', running: 2, queued: 18, delivered: 0 })
    expect(failing).toMatchObject({ name: 'boom', failed: 20, delivered: 0 })
    expect(working).toMatchObject({ delivered: 20, failed: 0, queued: 0 })
  })

  it('a reporter’s outbound calls are marked as its own, and it runs outside of the request’s context', async () => {
    const seen: unknown[] = []
    const { app, reported } = await appWith([() => void seen.push(isOwnCall())])
    app.reportError('Oops')
    await reported()
    expect([seen, isOwnCall()]).toEqual([[true], false])
  })
})

describe('with a clock of the test', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  /** A dispatcher with one reporter, and what it logs. */
  function dispatcherWith(reporter: ErrorReporter, limits: DeliveryOptions = {}) {
    const lines: unknown[][] = []
    const write = (...line: unknown[]): void => void lines.push(line)
    const log = { warn: write, error: write } as never
    const { delivery } = resolveOptions({ delivery: limits }, { source: 'orders' })
    const dispatcher = new Dispatcher(delivery, log, createRedactor())
    dispatcher.add(reporter)
    const send = (title: string): void => dispatcher.send({ title, error_id: title } as never)
    return { dispatcher, lines, send, stats: () => dispatcher.stats()[0] }
  }

  it('an attempt that fails is made again after 1, 2 and 4 s, then the report goes to the log', async () => {
    const times: number[] = []
    const start = Date.now()
    const { send, lines, stats } = dispatcherWith((_title, _message, _report, { attempt }) => {
      times.push(Date.now() - start)
      throw new Error(`attempt ${attempt}`)
    })
    send('a')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(times).toEqual([0, 1_000, 3_000, 7_000])
    expect(stats()).toMatchObject({
      failed: 4,
      undelivered: 1,
      delivered: 0,
      queued: 0,
      running: 0,
    })
    expect(lines).toHaveLength(5)
    expect(lines[4]).toEqual([
      expect.objectContaining({
        reason: 'every attempt has failed',
        errorId: 'a',
        report: { title: 'a', error_id: 'a' },
      }),
      'a report was not delivered',
    ])
  })

  it('waiting times end at maxRetryMs, and a receiver may ask for longer ones', async () => {
    const times: number[] = []
    const start = Date.now()
    const limits = { retries: 4, retryMs: 1_000, maxRetryMs: 3_000 }
    const { send } = dispatcherWith((_title, _message, _report, { attempt }) => {
      times.push(Date.now() - start)
      throw Object.assign(new Error('busy'), attempt === 1 ? { retryAfterMs: 2_500 } : {})
    }, limits)
    send('a')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(times).toEqual([0, 2_500, 4_500, 7_500, 10_500])
  })

  it.each([
    [0, [0, 750, 2_250]],
    [1, [0, 1_250, 3_750]],
  ])(
    'chance %d makes each wait a quarter shorter or longer, so that instances do not come back together',
    async (chance, expected) => {
      vi.mocked(Math.random).mockReturnValue(chance)
      const times: number[] = []
      const start = Date.now()
      const { send } = dispatcherWith(
        () => {
          times.push(Date.now() - start)
          throw new Error('x')
        },
        { retries: 2 },
      )
      send('a')
      await vi.advanceTimersByTimeAsync(60_000)
      expect(times).toEqual(expected)
    },
  )

  it('no new attempt is made before the time that the receiver has asked for', async () => {
    vi.mocked(Math.random).mockReturnValue(0)
    const times: number[] = []
    const start = Date.now()
    const { send } = dispatcherWith(
      () => {
        times.push(Date.now() - start)
        throw Object.assign(new Error('busy'), { retryAfterMs: 2_500 })
      },
      { retries: 1 },
    )
    send('a')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(times).toEqual([0, 2_500])
  })

  it('what the receiver refuses for good is not tried again', async () => {
    const reporter = vi.fn(() => {
      throw Object.assign(new Error('refused'), { isFinal: true })
    })
    const { send, stats } = dispatcherWith(reporter)
    send('a')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(reporter).toHaveBeenCalledTimes(1)
    expect(stats()).toMatchObject({ failed: 1, undelivered: 1 })
  })

  it('an attempt that takes too long is aborted and counts as failed', async () => {
    const signals: AbortSignal[] = []
    const { send, stats, lines } = dispatcherWith(
      (_title, _message, _report, { signal }) => {
        signals.push(signal)
        return never()
      },
      { timeoutMs: 500, retries: 1 },
    )
    send('a')
    await vi.advanceTimersByTimeAsync(499)
    expect(stats()).toMatchObject({ running: 1, failed: 0 })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
    expect(stats()).toMatchObject({ running: 0, failed: 2, undelivered: 1 })
    expect(lines[0]?.[0]).toMatchObject({ err: { code: 'SCS_REPORTER_ERR_TIMEOUT' } })
  })

  it('an attempt that ends after its time counts once, as failed', async () => {
    const { send, stats } = dispatcherWith(
      () => new Promise((resolve) => setTimeout(resolve, 600)),
      {
        timeoutMs: 500,
        retries: 0,
      },
    )
    send('a')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(stats()).toMatchObject({ delivered: 0, failed: 1, undelivered: 1, running: 0 })
  })

  it('two reports are delivered at once, and no more', async () => {
    let running = 0
    let most = 0
    const { send, stats } = dispatcherWith(async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 100))
      running--
    })
    for (let at = 0; at < 10; at++) send(`${at}`)
    await vi.advanceTimersByTimeAsync(500)
    expect([most, stats()?.delivered]).toEqual([2, 10])
  })

  it('the queue is bounded: what does not fit goes to the log', async () => {
    const { send, stats, lines } = dispatcherWith(never, { maxQueued: 3 })
    for (let at = 0; at < 5; at++) send(`${at}`)
    expect(stats()).toMatchObject({ queued: 3, undelivered: 2 })
    expect(lines.map(([details]) => details)).toMatchObject([
      { reason: 'the queue is full', errorId: '3' },
      { reason: 'the queue is full', errorId: '4' },
    ])
  })

  it('when queues are full, ten lines are logged at once and then one a second; the others are counted and summed up once a second', async () => {
    const limits = { maxQueued: 3, timeoutMs: 600_000 }
    const { dispatcher, send, stats, lines } = dispatcherWith(never, limits)
    dispatcher.add(async function hanging() {
      await never()
    })
    for (let at = 0; at < 10_000; at++) send(`${at}`)
    expect(lines).toHaveLength(MAX_LINES_AT_ONCE)
    expect(stats()).toMatchObject({ queued: 3, undelivered: 9_997 })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(lines).toHaveLength(MAX_LINES_AT_ONCE + 1)
    expect(lines.at(-1)).toEqual([
      { reports: { never: 9_992, hanging: 9_992 } },
      'more reports were not delivered than are logged one by one',
    ])
    for (let at = 0; at < 100; at++) send(`later ${at}`)
    expect(lines).toHaveLength(MAX_LINES_AT_ONCE + 2)
    expect(lines.at(-1)?.[0]).toMatchObject({ errorId: 'later 0', reason: 'the queue is full' })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(lines.at(-1)?.[0]).toEqual({ reports: { never: 99, hanging: 100 } })
    await vi.advanceTimersByTimeAsync(60_000)
    for (let at = 0; at < 100; at++) send(`quiet ${at}`)
    expect(lines).toHaveLength(2 * MAX_LINES_AT_ONCE + 3)
  })

  it('when a receiver refuses everything, only the errors of ten attempts at once are described', async () => {
    let described = 0
    const refusal = (): Error =>
      Object.defineProperty(Object.assign(new Error(), { isFinal: true }), 'message', {
        get: () => {
          described++
          return 'refused'
        },
      })
    const { send, stats, lines } = dispatcherWith(
      () => {
        throw refusal()
      },
      { maxQueued: 2_000 },
    )
    for (let at = 0; at < 1_000; at++) {
      send(`${at}`)
      await vi.advanceTimersByTimeAsync(0)
    }
    expect(stats()).toMatchObject({ failed: 1_000, undelivered: 1_000 })
    expect(lines).toHaveLength(2 * MAX_LINES_AT_ONCE)
    expect(described).toBeLessThanOrEqual(3 * MAX_LINES_AT_ONCE)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(lines.slice(-2).map(([counts]) => counts)).toEqual([
      { attempts: { errorReporter: 990 } },
      { reports: { errorReporter: 990 } },
    ])
  })

  it('what a full queue still holds at the end is logged completely, also after a storm', async () => {
    const { dispatcher, send, lines } = dispatcherWith(never, { maxQueued: 50, shutdownMs: 10 })
    for (let at = 0; at < 100; at++) send(`${at}`)
    await Promise.all([dispatcher.close(), vi.advanceTimersByTimeAsync(10)])
    const whole = lines.filter(([, text]) => text === 'a report was not delivered')
    expect(whole).toHaveLength(MAX_LINES_AT_ONCE + 50)
    expect(lines.at(-1)?.[0]).toEqual({ reports: { never: 40 } })
  })

  it('at the end one more attempt is made for everything without waiting, and what fails goes to the log', async () => {
    const attempts: string[] = []
    const { dispatcher, send, lines } = dispatcherWith((title) => {
      attempts.push(title)
      if (title === 'bad') throw new Error('x')
    })
    send('bad')
    await vi.advanceTimersByTimeAsync(10)
    send('good')
    await Promise.all([dispatcher.close(), vi.advanceTimersByTimeAsync(0)])
    expect(attempts.toSorted()).toEqual(['bad', 'bad', 'good'])
    expect(lines.at(-1)?.[0]).toMatchObject({ reason: 'the app closes', errorId: 'bad' })
    send('late')
    expect(lines.at(-1)?.[0]).toMatchObject({ reason: 'the app has closed', errorId: 'late' })
  })

  it('at the deadline what is left goes to the log, and its attempts are aborted', async () => {
    const signals: AbortSignal[] = []
    const { dispatcher, send, lines, stats } = dispatcherWith(
      (_title, _message, _report, { signal }) => {
        signals.push(signal)
        return never()
      },
      { shutdownMs: 5_000 },
    )
    for (const title of ['a', 'b', 'c']) send(title)
    let isClosed = false
    const closing = dispatcher.close().then(() => {
      isClosed = true
    })
    await vi.advanceTimersByTimeAsync(4_999)
    expect(isClosed).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await closing
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
    expect(lines.map(([details]) => details)).toMatchObject(
      ['a', 'b', 'c'].map((errorId) => ({ errorId, reason: 'the app has closed' })),
    )
    expect(stats()).toMatchObject({ undelivered: 3, running: 0, queued: 0 })
  })
})

it('a reporter that does not read the message gets an empty one, and the others get the whole', async () => {
  const messages: string[] = []
  const careless: ErrorReporter = Object.assign(
    (_title: string, message: string) => void messages.push(message),
    { ignoresMessage: true },
  )
  const { app, reported } = await appWith([careless, (_title, message) => messages.push(message)])
  app.reportError('Oops')
  await reported()
  expect(messages).toEqual(['', expect.stringContaining('"title": "NON-FATAL')])
})

it('closing the app delivers what is queued, also the report of a request that is just being answered', async () => {
  const titles: string[] = []
  const { app } = await appWith([async (title) => void titles.push(title)])
  app.get('/', boom)
  await app.inject('/')
  app.reportError('Oops')
  await app.close()
  expect(titles.map((title) => title.slice(0, 9)).toSorted()).toEqual(['FATAL BAC', 'NON-FATAL'])
})

it('a reporter’s failure is in the log, redacted, and without the URL', async () => {
  const url = 'http://127.0.0.1:1/services/T0/B0/s3cret'
  const test = await appWith([webhookReporter({ url })], { retries: 0 })
  test.app.reportError('Oops')
  await test.reported()
  const line = test.log.find(({ msg }) => msg === 'an error reporter failed')
  expect(line).toMatchObject({ level: 40, reporter: 'webhook', attempt: 1 })
  expect(JSON.stringify(test.log)).not.toContain('s3cret')
})
