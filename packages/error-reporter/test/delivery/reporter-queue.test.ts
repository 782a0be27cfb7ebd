import { createRedactor } from '@fastify-scs/core'
import type { ErrorReporter } from '@fastify-scs/error-reporter'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Dispatcher } from '../../src/delivery/dispatcher.js'
import { type DeliveryOptions, resolveOptions } from '../../src/options.js'

const silent = { warn: () => undefined, error: () => undefined } as never

/** A dispatcher with one reporter. */
function dispatcherWith(reporter: ErrorReporter, options: DeliveryOptions = {}): Dispatcher {
  const { delivery } = resolveOptions({ delivery: options }, { source: 'orders' })
  const dispatcher = new Dispatcher(delivery, silent, createRedactor())
  dispatcher.add(reporter)
  return dispatcher
}

function send(dispatcher: Dispatcher, title = 'a'): void {
  dispatcher.send({ title, error_id: title } as never)
}

function useFakeClock(): void {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  onTestFinished(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })
}

describe('a queue', () => {
  it('waits maxRetryMs at most, however much time the receiver asks for', async () => {
    useFakeClock()
    const reporter = vi.fn(() => {
      throw Object.assign(new Error('busy'), { retryAfterMs: 600_000 })
    })
    send(dispatcherWith(reporter, { retries: 1, maxRetryMs: 3_000 }))
    await vi.advanceTimersByTimeAsync(3_000)
    expect(reporter).toHaveBeenCalledTimes(2)
  })

  it('makes no further attempt of a report once it has been given up', async () => {
    useFakeClock()
    const reporter = vi.fn(() => {
      throw new Error('down')
    })
    const dispatcher = dispatcherWith(reporter)
    send(dispatcher)
    await vi.advanceTimersByTimeAsync(10)
    dispatcher.endNow()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(reporter).toHaveBeenCalledTimes(1)
    expect(dispatcher.stats()).toMatchObject([{ failed: 1, undelivered: 1, queued: 0 }])
  })

  it('delivers as many reports as it may hold to a reporter that is done when it returns', async () => {
    const dispatcher = dispatcherWith(() => undefined, { maxQueued: 10_000 })
    for (let at = 0; at < 10_000; at++) send(dispatcher)
    await dispatcher.flush()
    expect(dispatcher.stats()).toMatchObject([{ delivered: 10_000, failed: 0, undelivered: 0 }])
  })

  it('can be ended by its own reporter: the report counts once', async () => {
    let dispatcher: Dispatcher | undefined
    dispatcher = dispatcherWith(() => dispatcher?.endNow())
    send(dispatcher)
    await dispatcher.flush()
    expect(dispatcher.stats()).toMatchObject([{ delivered: 0, undelivered: 1, running: 0 }])
  })
})

it('a report that a durable reporter could not take at once is queued for it', async () => {
  const report = { title: 'a', error_id: 'a' } as never
  const { delivery } = resolveOptions({}, { source: 'orders' })
  const dispatcher = new Dispatcher(delivery, silent, createRedactor())
  const reporter = vi.fn()
  const sync = (): never => {
    throw new Error('locked')
  }
  dispatcher.addDurable(Object.assign(reporter, { sync }))
  dispatcher.sendDurable(report, undefined)
  await dispatcher.flush()
  expect(reporter).toHaveBeenCalledTimes(1)
  expect(dispatcher.stats()).toMatchObject([{ delivered: 1, failed: 1, undelivered: 0 }])
})

describe('an attempt', () => {
  it('that asks for its signal after its time is over gets an aborted one, with the reason', async () => {
    useFakeClock()
    const seen: AbortSignal[] = []
    const late: ErrorReporter = async (_title, _message, _report, delivery) => {
      await new Promise((resolve) => setTimeout(resolve, 600))
      seen.push(delivery.signal)
    }
    send(dispatcherWith(late, { timeoutMs: 500, retries: 0 }))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(seen).toMatchObject([{ aborted: true, reason: { code: 'SCS_REPORTER_ERR_TIMEOUT' } }])
  })
})

describe('a process may end', () => {
  /** The timers that were set for a time while `run` was running. */
  async function timersFor(delayMs: number, run: () => Promise<void>): Promise<NodeJS.Timeout[]> {
    const spy = vi.spyOn(globalThis, 'setTimeout')
    onTestFinished(() => void vi.restoreAllMocks())
    await run()
    return spy.mock.calls.flatMap(([, ms], at) => {
      const { value } = spy.mock.results[at] as { readonly value: NodeJS.Timeout }
      return ms === delayMs ? value : []
    })
  }

  it.each<[string, ErrorReporter, DeliveryOptions]>([
    [
      'while a report waits for its next attempt',
      () => {
        throw new Error('x')
      },
      { retryMs: 54_321, maxRetryMs: 54_321 },
    ],
    [
      'while a reporter has not finished',
      () => new Promise(() => undefined),
      { timeoutMs: 54_321 },
    ],
  ])('%s', async (_name, reporter, options) => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const dispatcher = dispatcherWith(reporter, options)
    const timers = await timersFor(54_321, async () => {
      send(dispatcher)
      await new Promise((resolve) => setImmediate(resolve))
    })
    expect(timers.map((timer) => timer.hasRef())).toEqual([false])
    dispatcher.endNow()
  })
})
