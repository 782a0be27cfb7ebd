import { once } from 'node:events'
import net from 'node:net'
import vm from 'node:vm'
import { Worker } from 'node:worker_threads'
import { createRedactor, describeThrown, type ThrownDescription } from '@fastify-scs/core'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { stackWithCauses } from '../../src/thrown/describe-thrown.js'
import { keepIn, type Line } from '../build-app.js'

const redactor = createRedactor()

function described(thrown: unknown): ThrownDescription {
  return describeThrown(thrown, redactor)
}

/** A port of this machine where nobody listens. */
async function closedPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A name of two addresses, as most have; nobody listens at either. */
const lookup: net.LookupFunction = (_host, _options, done) =>
  done(null, [
    { address: '127.0.0.2', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ])

async function refusedTwice(): Promise<{ readonly error: unknown; readonly port: number }> {
  const port = await closedPort()
  const socket = net.connect({ host: 'db.internal', port, lookup, autoSelectFamily: true })
  const [error] = await once(socket, 'error').catch((thrown: unknown) => [thrown])
  return { error, port }
}

describe('an error that consists of several errors', () => {
  it('names the addresses when Node cannot connect to any address of a host', async () => {
    const { error, port } = await refusedTwice()
    expect((error as Error).message).toBe('')
    const { name, message, code, errors = [], stack } = described(error)
    const messages = [
      `connect ECONNREFUSED 127.0.0.2:${port}`,
      `connect ECONNREFUSED 127.0.0.1:${port}`,
    ]
    expect({ name, message, code }).toEqual({
      name: 'AggregateError',
      message: messages.join(' | '),
      code: 'ECONNREFUSED',
    })
    expect(errors.map((each) => each.message)).toEqual(messages)
    expect(stack).toMatch(/^AggregateError\b.*: connect ECONNREFUSED 127\.0\.0\.2:\d+ \| connect/)
  })

  it('is described also as a cause', async () => {
    const { error, port } = await refusedTwice()
    const { cause } = described(new Error('no orders', { cause: error }))
    expect(cause?.message).toContain(`127.0.0.2:${port}`)
    expect(cause?.errors).toHaveLength(2)
  })

  it('from Promise.any keeps its own message, and each error with its causes', async () => {
    const reason = new Error('tariff 7 is closed')
    const any = Promise.any([Promise.reject(new RangeError('no tariff', { cause: reason }))])
    const { message, errors } = described(await any.catch((thrown: unknown) => thrown))
    expect(message).toBe('All promises were rejected')
    expect(errors).toMatchObject([
      { name: 'RangeError', message: 'no tariff', cause: { message: 'tariff 7 is closed' } },
    ])
  })

  it('from a failed disposal describes both its errors', () => {
    const suppressed = Object.assign(new Error('An error was suppressed during disposal.'), {
      name: 'SuppressedError',
      error: new Error('cannot close'),
      suppressed: new Error('cannot write'),
    })
    const { name, errors = [] } = described(suppressed)
    expect(name).toBe('SuppressedError')
    expect(errors.map((each) => each.message)).toEqual(['cannot close', 'cannot write'])
  })

  it('is redacted, limited in its errors and their causes, and says how many are left out', () => {
    const wide = (depth: number): Error =>
      depth === 0
        ? new Error('password=hunter2')
        : new AggregateError(Array.from({ length: 50 }, () => wide(depth - 1)))
    const description = described(wide(3))
    const all: ThrownDescription[] = []
    const collect = (each: ThrownDescription): void => {
      all.push(each)
      each.errors?.forEach(collect)
    }
    collect(description)
    expect(description.errors?.length).toBeLessThanOrEqual(10)
    expect(description.leftOut).toBeGreaterThanOrEqual(40)
    expect(all.length).toBeLessThanOrEqual(33)
    expect(stackWithCauses(description)).not.toContain('hunter2')
    expect(description.message).toMatch(/\d+ more$/)
  })

  it('that contains itself or a Proxy that throws is read once and never throws', () => {
    const circle = new AggregateError([], 'round')
    circle.errors.push(circle, new Error('within', { cause: circle }))
    expect(described(circle).errors).toMatchObject([{ message: 'within' }])
    const hostile = (): never => {
      throw new Error('the trap was sprung')
    }
    const lists: unknown[] = [
      new Proxy([new Error('x')], { get: hostile }),
      Proxy.revocable([], {}),
      Object.defineProperty([1], 0, { get: hostile }),
      'text',
    ]
    for (const errors of lists) {
      expect(described(Object.assign(new Error('own'), { errors }))).toMatchObject({
        name: 'Error',
        message: 'own',
      })
    }
    const revoked = Proxy.revocable([], {})
    revoked.revoke()
    expect(described(Object.assign(new Error('own'), { errors: revoked.proxy })).message).toBe(
      'own',
    )
  })

  it('is written by a plain pino logger like any error', () => {
    const lines: Line[] = []
    const error = new AggregateError([new Error('one'), new Error('two')], 'both failed')
    pino({}, keepIn(lines)).error({ err: described(error) })
    expect(lines[0]?.err).toMatchObject({
      type: 'AggregateError',
      aggregateErrors: [{ message: 'one' }, { message: 'two' }],
    })
    expect(lines[0]?.err).not.toHaveProperty('errors')
  })

  it('has its errors in the text of its stack, before its causes', () => {
    const error = new AggregateError([new Error('one')], 'failed', { cause: new Error('why') })
    const heads = stackWithCauses(described(error)).match(/^\S.*$/gm)
    expect(heads).toEqual([
      'AggregateError: failed',
      'with the error: Error: one',
      'caused by: Error: why',
    ])
  })
})

describe('the name of a thrown value', () => {
  class Declined extends Error {}
  class OutOfStock extends RangeError {}
  class ServiceException extends Error {}
  class a extends Error {}
  class b extends TypeError {}
  class DataException extends DOMException {}
  const named = (error: Error, name: unknown): Error => Object.assign(error, { name })
  const cases: readonly (readonly [string, unknown])[] = [
    ['Error', new Error('x')],
    ['RangeError', new RangeError('x')],
    ['Declined', new Declined('x')],
    ['OutOfStock', new OutOfStock('x')],
    ['TimeoutError', new DOMException('x', 'TimeoutError')],
    ['AbortError', AbortSignal.abort().reason],
    ['DataException', new DataException('x', 'DataError')],
    ['AccessDenied', named(new ServiceException('x'), 'AccessDenied')],
    ['ValidationError', named(new Error('x'), 'ValidationError')],
    ['PaymentDeclined', named(new a('x'), 'PaymentDeclined')],
    ['Error', new a('x')],
    ['TypeError', new b('x')],
    ['Declined', named(new Declined('x'), '')],
    ['Declined', named(new Declined('x'), 7)],
    ['Error', Object.setPrototypeOf(new Error('x'), null)],
    ['RangeError', { name: 'RangeError', message: 'x', stack: 'RangeError: x\n    at y' }],
    // The name of a thing that is no error is data, and may be a person's.
    ['Object', { name: 'Bob', message: 'x' }],
    ['object', Object.create(null)],
    ['string', 'x'],
    ['null', null],
  ]

  it.each(cases)('is %s', (name, thrown) => {
    expect(described(thrown).name).toBe(name)
  })

  it('never contains a secret', () => {
    const error = Object.assign(new Error('x'), { name: 'token=hunter2', code: 'password=hunter2' })
    expect(JSON.stringify(described(error))).not.toContain('hunter2')
  })
})

describe('an error of another realm', () => {
  it('from a vm context has its class, its stack trace and its causes', () => {
    const error = vm.runInContext(
      'class Priceless extends Error {}; new Priceless("no rule", { cause: new RangeError("no tariff") })',
      vm.createContext({}),
      { filename: 'rules.js' },
    )
    expect(error).not.toBeInstanceOf(Error)
    expect(described(error)).toMatchObject({
      name: 'Priceless',
      message: 'no rule',
      stack: expect.stringContaining('at rules.js:1'),
      cause: { name: 'RangeError', message: 'no tariff' },
    })
  })

  it('from a vm context that consists of several errors has all of them', () => {
    const error = vm.runInContext(
      'new AggregateError([new Error("one"), new TypeError("two")])',
      vm.createContext({}),
    )
    expect(described(error)).toMatchObject({ name: 'AggregateError', message: 'one | two' })
  })

  it('from a worker has its name, its stack trace, its code and its causes', async () => {
    const worker = new Worker(
      'throw Object.assign(new TypeError("in the worker", { cause: new Error("why") }), { code: "E_WORK" })',
      { eval: true },
    )
    const [error] = await once(worker, 'error').catch((thrown: unknown) => [thrown])
    expect(described(error)).toMatchObject({
      name: 'TypeError',
      message: 'in the worker',
      code: 'E_WORK',
      stack: expect.stringContaining('[worker eval]'),
    })
  })

  it('that came as a message has its stack trace and its cause', () => {
    const error = structuredClone(new TypeError('cloned', { cause: new Error('why') }))
    expect(described(error)).toMatchObject({
      name: 'TypeError',
      stack: expect.stringContaining('describe-thrown.test'),
      cause: { message: 'why' },
    })
  })
})

it('reads eight causes, each with its errors, and no more', () => {
  let thrown = new Error('the last')
  for (let at = 0; at < 30; at += 1) thrown = new Error(`cause ${at}`, { cause: thrown })
  let causes = 0
  for (let cause = describeThrown(thrown, redactor).cause; cause; cause = cause.cause) causes += 1
  expect(causes).toBe(8)
})
