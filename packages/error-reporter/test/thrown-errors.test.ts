import { once } from 'node:events'
import vm from 'node:vm'
import { Worker } from 'node:worker_threads'
import type { CrashReport } from '@fastify-scs/error-reporter'
import { describe, expect, it } from 'vitest'
import { buildApp, onlyReport } from './build-app.js'

/** The report of what a handler throws, and of what `reportError` is told was caught. */
async function reportsOf(make: () => unknown): Promise<readonly CrashReport[]> {
  const thrown = await buildApp()
  thrown.app.get('/', async () => {
    throw await make()
  })
  await thrown.app.inject('/')
  const caught = await buildApp()
  caught.app.reportError('Oops', { caught: await make() })
  return [await onlyReport(thrown), await onlyReport(caught)]
}

function inContext(code: string): unknown {
  return vm.runInContext(code, vm.createContext({}), { filename: 'rules.js' })
}

async function inWorker(code: string): Promise<unknown> {
  const worker = new Worker(code, { eval: true })
  return (await once(worker, 'error').catch((error: unknown) => [error]))[0]
}

describe('an error of another realm has its trace and its causes in a report', () => {
  it('of a vm context', async () => {
    const code = 'new TypeError("no rule", { cause: new RangeError("no tariff 7") })'
    for (const report of await reportsOf(() => inContext(code))) {
      expect(report.error_caught).toEqual({ name: 'TypeError', message: 'no rule', code: null })
      expect(report.trace.join('\n')).toContain('at rules.js:1:1')
      expect(report.causes).toMatchObject([{ name: 'RangeError', message: 'no tariff 7' }])
      expect(report.causes[0]?.trace.join('\n')).toContain('at rules.js:1:')
    }
  })

  it('of a worker', async () => {
    const code =
      'throw Object.assign(new TypeError("it broke", { cause: new Error("why") }), { code: "E_W" })'
    for (const report of await reportsOf(() => inWorker(code))) {
      expect(report.error_caught).toEqual({ name: 'TypeError', message: 'it broke', code: 'E_W' })
      expect(report.trace.join('\n')).toContain('[worker eval]')
    }
  })

  it('of a message, and of one that was written as JSON and read again', async () => {
    const error = new TypeError('it broke', { cause: new Error('why') })
    const { name, message, stack } = error
    const read = JSON.parse(JSON.stringify({ name, message, stack })) as unknown
    for (const made of [structuredClone(error), read]) {
      for (const report of await reportsOf(() => made)) {
        expect(report.error_caught).toMatchObject({ name: 'TypeError', message: 'it broke' })
        expect(report.trace[0]).toBe('TypeError: it broke')
      }
    }
  })
})

describe('an error goes by its most specific name, in the report and in the log line', () => {
  class a extends Error {}
  class ServiceException extends Error {}
  class OutOfStock extends RangeError {}
  const cases: readonly (readonly [string, () => unknown])[] = [
    ['TimeoutError', () => new DOMException('x', 'TimeoutError')],
    ['AbortError', () => AbortSignal.abort().reason],
    ['PaymentDeclined', () => Object.assign(new a('x'), { name: 'PaymentDeclined' })],
    ['AccessDenied', () => Object.assign(new ServiceException('x'), { name: 'AccessDenied' })],
    ['OutOfStock', () => new OutOfStock('x')],
    ['Error', () => new a('x')],
  ]

  it.each(cases)('%s', async (name, make) => {
    const test = await buildApp()
    test.app.get('/', async () => {
      throw make()
    })
    await test.app.inject('/')
    expect((await onlyReport(test)).error_caught).toMatchObject({ name })
    expect(test.log.find((line) => 'err' in line)?.err).toMatchObject({ type: name })
  })

  it('and two names of one class are two groups', async () => {
    const test = await buildApp()
    for (const name of ['AccessDenied', 'SlowDown', 'AccessDenied']) {
      const caught = Object.assign(new ServiceException('refused'), { name })
      test.app.reportError('Oops', { caught })
    }
    const groups = (await test.reported()).map(({ report }) => report.fingerprint)
    expect(new Set(groups).size).toBe(2)
  })
})
