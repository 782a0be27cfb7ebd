import {
  AuthInvalidTokenError,
  AuthMissingHeaderError,
  AuthTokenExpiredError,
  addError,
  addErrors,
  BadResponseError,
  InternalValidationError,
  InvalidParameterError,
  isError,
  RequestTimeoutError,
  ServerError,
  ServiceError,
} from '@fastify-scs/core'
import { expect, it } from 'vitest'
import { buildApp, failureLines } from '../build-app.js'

class InvalidUserError extends ServiceError {
  static override readonly code = 'INVALID_USER'
  static override readonly status = 401
}

it('a ServiceError is answered with its code, its status and its texts', async () => {
  const { app } = await buildApp({ errorFormat: 'pymacaron' })
  app.get('/', () => {
    throw new InvalidUserError("Sorry, we don't know you", { description: 'DB entry not found' })
  })
  const answer = await app.inject('/')
  expect(answer.statusCode).toBe(401)
  expect(answer.json()).toEqual({
    error: 'INVALID_USER',
    error_description: 'DB entry not found',
    user_message: "Sorry, we don't know you",
    status: 401,
  })
})

it('in the scs format the id of a ServiceError is its code in kebab-case', async () => {
  const { app } = await buildApp()
  app.get('/', () => {
    throw new InvalidUserError("Sorry, we don't know you", { details: { tries: 2 } })
  })
  expect((await app.inject('/')).json()).toEqual({
    error: { id: 'invalid-user', message: "Sorry, we don't know you", details: { tries: 2 } },
  })
})

it('in the pymacaron format a registered id is its upper snake case', async () => {
  const { app } = await buildApp({ errorFormat: 'pymacaron' })
  const limited = app.scs.registerError({ code: 429, id: 'auth-rate-limited', message: 'Slow' })
  app.get('/', () => {
    throw limited()
  })
  expect((await app.inject('/')).json()).toEqual({
    error: 'AUTH_RATE_LIMITED',
    error_description: 'Slow',
    status: 429,
  })
})

it('a 5xx ServiceError shows its text and keeps its stack; below 500 there is none', async () => {
  class Broken extends ServiceError {
    static override readonly code = 'BROKEN'
    static override readonly status = 502
  }
  const { app, log } = await buildApp()
  app.get('/', () => {
    throw new Broken('The bank does not answer').caught(new Error('ECONNREFUSED'))
  })
  expect((await app.inject('/')).json()).toEqual({
    error: { id: 'broken', message: 'The bank does not answer' },
  })
  const err = failureLines(log, 50)[0]?.err as { stack: string; type: string }
  expect(err.type).toBe('Broken')
  expect(err.stack).toMatch(/service-error\.test/)
  expect(err.stack).toContain('ECONNREFUSED')
  expect(new InvalidUserError('x').stack).not.toMatch(/\n\s+at /)
  expect(new Broken('x').stack).toMatch(/\n\s+at .*service-error\.test/)
  expect(new Error('x').stack).toMatch(/\n\s+at /)
})

it('caught attaches the error that is wrapped and returns the error itself', () => {
  const inner = new Error('inner')
  const error = new InvalidUserError('x')
  expect(error.caught(inner)).toBe(error)
  expect(error.cause).toBe(inner)
  expect(new InvalidUserError('x', { cause: inner }).cause).toBe(inner)
})

it('a ServiceError without a message answers with the text of its status', async () => {
  const { app } = await buildApp({ errorFormat: 'pymacaron' })
  app.get('/', () => {
    throw new RequestTimeoutError()
  })
  expect((await app.inject('/')).json()).toEqual({
    error: 'REQUEST_TIMEOUT',
    error_description: 'Request Timeout',
    status: 408,
  })
})

it('a class with a status of no error answers 500, generically, and the mistake is logged', async () => {
  class Wrong extends ServiceError {
    static override readonly code = 'WRONG'
    static override readonly status = 200
  }
  const { app, log } = await buildApp()
  app.get('/', () => {
    throw new Wrong('secret detail')
  })
  const answer = await app.inject('/')
  expect(answer.statusCode).toBe(500)
  expect(answer.body).not.toContain('secret detail')
  expect(failureLines(log, 50).map((line) => line.msg)).toContain(
    'the class Wrong has the status 200, not one from 400 to 599',
  )
})

it('a subclass may set its name and have fields of its own', () => {
  class Named extends ServiceError {
    readonly extra: number
    constructor(message: string) {
      super(message)
      this.name = 'Renamed'
      this.extra = 1
    }
  }
  const error = new Named('x')
  expect([error.name, error.extra]).toEqual(['Renamed', 1])
  expect(new InvalidUserError('x').name).toBe('InvalidUserError')
})

it('a message that cannot be text leaves the stack trace limit alone', () => {
  const limit = Error.stackTraceLimit
  const bad = { toString: () => ({}) } as unknown as string
  expect(() => new InvalidUserError(bad)).toThrow(TypeError)
  expect(Error.stackTraceLimit).toBe(limit)
})

it('the ready-made errors have the codes and statuses of PyMacaron', () => {
  const made = [
    ServerError,
    InvalidParameterError,
    RequestTimeoutError,
    BadResponseError,
    InternalValidationError,
    AuthMissingHeaderError,
    AuthTokenExpiredError,
    AuthInvalidTokenError,
  ]
  expect(made.map(({ code, status }) => [code, status])).toEqual([
    ['SERVER_ERROR', 500],
    ['INVALID_PARAMETER', 400],
    ['REQUEST_TIMEOUT', 408],
    ['BAD_RESPONSE', 500],
    ['INTERNAL_VALIDATION_ERROR', 500],
    ['AUTHORIZATION_HEADER_MISSING', 401],
    ['TOKEN_EXPIRED', 401],
    ['TOKEN_INVALID', 401],
  ])
})

it('addError makes a class', async () => {
  const MyOwnException = addError({ name: 'MyOwnException', code: 'MY_OWN', status: 401 })
  const error = new MyOwnException('Sorry')
  expect(MyOwnException.name).toBe('MyOwnException')
  expect(error).toBeInstanceOf(ServiceError)
  expect([error.name, error.code, error.status, error.id]).toEqual([
    'MyOwnException',
    'MY_OWN',
    401,
    'my-own',
  ])
})

it('addErrors makes many, by name', () => {
  const { NotPaid, TooBig } = addErrors([
    { name: 'NotPaid', code: 'NOT_PAID', status: 402 },
    { name: 'TooBig', code: 'TOO_BIG', status: 413 },
  ])
  expect([new NotPaid().status, new TooBig().status]).toEqual([402, 413])
})

it('all three fields of addError are required, and a code stands only once in a batch', () => {
  const good = { name: 'A', code: 'A', status: 400 }
  for (const field of ['name', 'code', 'status'] as const) {
    const wrong = { ...good, [field]: undefined }
    expect(() => addError(wrong as unknown as typeof good)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(`field "${field}"`) }),
    )
  }
  const conflict = expect.objectContaining({ code: 'SCS_ERR_CONFLICT' })
  expect(() => addErrors([good, { ...good, name: 'B' }])).toThrow(conflict)
  expect(() => addErrors([good, { ...good, code: 'B' }])).toThrow(conflict)
})

it('isError is true for a status of 300 or more, as a number or as text', () => {
  expect(isError({ status: 401 })).toBe(true)
  expect(isError({ status: '500' })).toBe(true)
  expect(isError({ status: 300 })).toBe(true)
  expect(isError(new Response('x', { status: 404 }))).toBe(true)
  expect(isError(new InvalidUserError('x'))).toBe(true)
  for (const value of [
    { status: 299 },
    { status: 'ok' },
    { status: '' },
    {},
    null,
    undefined,
    'x',
    500,
  ]) {
    expect(isError(value)).toBe(false)
  }
})
