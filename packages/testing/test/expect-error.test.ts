import { AssertionError } from 'node:assert'
import { Readable } from 'node:stream'
import { expectError, reports } from '@fastify-scs/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { InvalidUserError, ordersApp, soldOut } from './orders-app.js'

let app = ordersApp()
afterEach(() => app.close())

describe.each(['scs', 'pymacaron', 'problem'] as const)('in the format %s', (errorFormat) => {
  it('finds a defined error, by its definition and by its id, with its details', async () => {
    app = ordersApp({ errorFormat })
    const response = await app.inject('/sold-out')
    expect(expectError(response, soldOut)).toMatchObject({
      id: 'orders-sold-out',
      status: 409,
      message: 'Sold out',
      details: { left: 0 },
    })
    expect(expectError(response, 'orders-sold-out').status).toBe(409)
  })

  it('finds an error of a class', async () => {
    app = ordersApp({ errorFormat })
    const found = expectError(await app.inject('/user'), InvalidUserError)
    expect(found).toMatchObject({ id: 'invalid-user', status: 401 })
  })

  it('fails with the id and the body where it is another error', async () => {
    app = ordersApp({ errorFormat })
    const response = await app.inject('/user')
    const check = (): unknown => expectError(response, soldOut)
    expect(check).toThrow(AssertionError)
    expect(check).toThrow(
      'expected the error orders-sold-out (409), got invalid-user (401)\nbody: {',
    )
  })
})

it('returns the id of the report', async () => {
  app = ordersApp()
  const seen = reports(app)
  const { errorId } = expectError(await app.inject('/crash'), 'internal-server-error')
  expect(errorId).toBe((await seen.one('fatal')).errorId)
})

it('shows what was thrown where a 500 was not expected', async () => {
  app = ordersApp()
  const response = await app.inject('/crash')
  const thrown = failureOf(() => expectError(response, soldOut))
  expect(thrown.message).toContain('got internal-server-error (500)')
  expect(thrown.message).toMatch(/thrown by the service: TypeError: the basket is no list\n +at /)
  expect(thrown.message).toContain('orders-app.ts')
  expect(thrown.cause).toBeInstanceOf(TypeError)
  expect(thrown.stack).not.toContain('expect-error.ts:')
})

it('fails for an answer that is no error', async () => {
  app = ordersApp()
  const response = await app.inject({ method: 'POST', url: '/orders/1' })
  const thrown = failureOf(() => expectError(response, 'orders-sold-out'))
  expect(thrown.message).toBe(
    'expected the error orders-sold-out, got 201 without an error that is known\nbody: {"order":"1"}',
  )
})

it('fails where the id is right and the status is not', async () => {
  const body = '{"error":{"id":"orders-sold-out","message":"-"}}'
  const response = { statusCode: 500, body, headers: {} }
  const thrown = failureOf(() => expectError(response, soldOut))
  expect(thrown.message).toContain('(409), got orders-sold-out (500)')
})

it('takes a response of fetch, whose body stays readable, and shows the last report', async () => {
  app = ordersApp()
  const seen = reports(app)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const response = await fetch(`${address}/sold-out`)
  expect((await expectError(response, soldOut)).details).toEqual({ left: 0 })
  expect(await response.json()).toHaveProperty('error.id', 'orders-sold-out')
  await expect(expectError(response, soldOut)).rejects.toThrow('body: (read already)')
  const crash = await fetch(`${address}/crash`)
  await expect(expectError(crash, soldOut, seen)).rejects.toThrow(
    /last report: fatal: .* \(TypeError: the basket is no list\)/,
  )
})

function failureOf(check: () => unknown): AssertionError {
  try {
    check()
  } catch (error) {
    if (error instanceof AssertionError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('an argument that cannot be meant', () => {
  const code = 'SCS_TESTING_ERR_ARGUMENT'
  it.each([
    ['a promise', Promise.resolve(), 'got a promise'],
    ['nothing', undefined, 'got undefined'],
  ])('a response that is %s is refused', (_name, response, message) => {
    const check = (): unknown => expectError(response as unknown as Response, 'orders-sold-out')
    expect(check).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    )
  })

  it('what app.inject returns is refused where nobody has awaited it', async () => {
    app = ordersApp()
    const chain = app.inject('/sold-out')
    const check = (): unknown => expectError(chain as unknown as Response, soldOut)
    expect(check).toThrow(expect.objectContaining({ code }))
    await chain
  })

  it.each([
    [undefined, 'got undefined'],
    [TypeError, 'got'],
  ])('an expected error that is %s is refused', async (expected, message) => {
    app = ordersApp()
    const response = await app.inject('/sold-out')
    const check = (): unknown => expectError(response, expected as unknown as string)
    expect(check).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    )
  })
})

it('takes a response of another fetch than that of Node', async () => {
  app = ordersApp()
  const { statusCode, body } = await app.inject('/sold-out')
  const foreign = {
    status: statusCode,
    headers: new Headers(),
    bodyUsed: false,
    clone: () => ({ text: async () => body }),
  }
  expect((await expectError(foreign as unknown as Response, soldOut)).status).toBe(409)
})

it('a stream that breaks off is shown as one', async () => {
  app = ordersApp()
  app.get('/stream', (_request, reply) => {
    reply.send(Readable.from(brokenStream()))
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const response = await fetch(`${address}/stream`)
  const thrown = await expectError(response, soldOut).catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(AssertionError)
  expect(thrown).toMatchObject({ message: expect.stringMatching(/^body: \(broke off: /m) })
})

it.each([
  ['no body', 204, undefined, '(empty)'],
  ['a page', 200, '<h1>Orders</h1>', '<h1>Orders</h1>'],
])('%s is no error', async (_name, status, body, shown) => {
  app = ordersApp()
  app.get('/other', (_request, reply) => {
    reply.code(status).type('text/html').send(body)
  })
  const response = await app.inject('/other')
  expect(failureOf(() => expectError(response, soldOut)).message).toBe(
    `expected the error orders-sold-out (409), got ${status} without an error that is known\nbody: ${shown}`,
  )
})

async function* brokenStream(): AsyncGenerator<string> {
  yield 'the first part'
  throw new Error('the rest is missing')
}
