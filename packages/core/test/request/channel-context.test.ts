import { channel, tracingChannel } from 'node:diagnostics_channel'
import { currentRequest } from '@fastify-scs/core'
import { keepRequestOfCalls, keepRequestOfConnects } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { buildApp } from '../build-app.js'

/** Calls back when it is told to: in the context of whoever tells it. */
class Driver {
  readonly #channel: ReturnType<typeof tracingChannel>
  readonly #waiting: (() => void)[] = []
  /** Whose the connections are. */
  readonly openers: (FastifyRequest | undefined)[] = []

  constructor(name: string) {
    this.#channel = tracingChannel(name)
  }

  call(done: () => void): void {
    const run = (callback: () => void): void => {
      this.openers.push(currentRequest())
      this.#waiting.push(callback)
    }
    this.#channel.traceCallback(run, 0, {}, undefined, done)
  }

  callBack(): void {
    for (const callback of this.#waiting.splice(0)) callback()
  }
}

/** Two requests, the second of which makes the driver call back; which of them the first one's callback belongs to. */
async function requestOfCallback(driver: Driver): Promise<'own' | 'other' | 'none'> {
  const { app } = await buildApp({ context: true })
  onTestFinished(() => app.close())
  let found: 'own' | 'other' | 'none' | undefined
  app.get('/first', (request, reply) => {
    driver.call(() => {
      const current = currentRequest()
      found = current === request ? 'own' : current === undefined ? 'none' : 'other'
      reply.send('done')
    })
  })
  app.get('/second', async () => driver.callBack())
  const first = app.inject('/first')
  await new Promise((resolve) => setImmediate(resolve))
  await app.inject('/second')
  await first
  return found as 'own'
}

it('a driver calls back in the request of the call, while that is kept', async () => {
  const driver = new Driver('test:call')
  expect(await requestOfCallback(driver)).toBe('other')
  const stop = keepRequestOfCalls('test:call')
  expect(await requestOfCallback(driver)).toBe('own')
  expect(driver.openers.at(-1)).toBeDefined()
  stop()
  expect(channel('tracing:test:call:asyncStart').hasSubscribers).toBe(false)
  expect(await requestOfCallback(driver)).toBe('other')
})

it('a connection that is opened belongs to no request, what is called back with it to its own', async () => {
  const driver = new Driver('test:connect')
  const stop = keepRequestOfConnects('test:connect')
  expect(await requestOfCallback(driver)).toBe('own')
  expect(driver.openers).toEqual([undefined])
  stop()
})

it('what several apps ask for is kept until the last one gives it up', async () => {
  const driver = new Driver('test:shared')
  const stops = [keepRequestOfCalls('test:shared'), keepRequestOfCalls('test:shared')]
  stops[0]?.()
  expect(await requestOfCallback(driver)).toBe('own')
  stops[1]?.()
  expect(await requestOfCallback(driver)).toBe('other')
})

it('a call outside of any request is called back outside of any', async () => {
  const driver = new Driver('test:outside')
  onTestFinished(keepRequestOfCalls('test:outside'))
  const { app } = await buildApp({ context: true })
  onTestFinished(() => app.close())
  let found: unknown = 'not called'
  driver.call(() => {
    found = currentRequest()
  })
  app.get('/', async () => driver.callBack())
  await app.inject('/')
  expect(found).toBeUndefined()
})
