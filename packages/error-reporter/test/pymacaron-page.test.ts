import { addError, addErrors, isError, ServiceError } from '@fastify-scs/core'
import { describe, expect, it } from 'vitest'
import { boom, buildApp, onlyReport, UUID } from './build-app.js'

class InvalidUserError extends ServiceError {
  static override readonly code = 'INVALID_USER'
  static override readonly status = 401
}

/*
 * Every sentence of PyMacaron's page on errors, in its order. The sentences on slow calls are those of the slow-call
 * plugin.
 */
describe('Default Error model in PyMacaron APIs', () => {
  it('if an endpoint raises an exception, it is caught and returned to the caller in the form of an Error json object', async () => {
    const { app } = await buildApp()
    app.get('/login', () => {
      throw new InvalidUserError("Sorry, we don't know you", { description: 'DB entry not found' })
    })
    const answer = await app.inject('/login')
    expect(answer.statusCode).toBe(401)
    expect(answer.json()).toEqual({
      error: 'INVALID_USER',
      error_description: 'DB entry not found',
      user_message: "Sorry, we don't know you",
      status: 401,
    })
  })
})

describe('Custom errors', () => {
  it('you can create your own errors by subclassing the exception class', () => {
    const error = new InvalidUserError('Sorry')
    expect(error).toBeInstanceOf(ServiceError)
    expect([error.code, error.status]).toEqual(['INVALID_USER', 401])
  })

  it('to make the endpoint return a json Error object, just raise the exception', async () => {
    const { app } = await buildApp()
    app.get('/', () => {
      throw new InvalidUserError("Sorry, we don't know you")
    })
    const answer = await app.inject('/')
    expect(answer.json()).toMatchObject({ error: 'INVALID_USER', status: answer.statusCode })
  })
})

describe('Reporting non-fatal errors', () => {
  it('raising an exception causes your endpoint to abort execution', async () => {
    const { app } = await buildApp()
    let isPast = false
    app.get('/', async () => {
      if (app.hasRoute({ method: 'GET', url: '/' })) throw new InvalidUserError('Sorry')
      isPast = true
    })
    await app.inject('/')
    expect(isPast).toBe(false)
  })

  it('to report a non-fatal error but continue executing the endpoint, you may call report_error', async () => {
    const test = await buildApp()
    test.app.get('/', async (request) => {
      request.reportError('Oops. Failed to get user profile')
      return 'went on'
    })
    expect((await test.app.inject('/')).body).toBe('went on')
    expect((await onlyReport(test)).is_fatal_error).toBe(false)
  })

  it('did the endpoint return an Error object? then send a crash report to your admins, including the error object', async () => {
    const test = await buildApp()
    const profile = { error: 'NO_PROFILE', error_description: 'Gone', status: '404' }
    test.app.get('/', async (request) => {
      if (isError(profile)) {
        request.reportError('Oops. Failed to get user profile', { caught: profile })
      }
      return 'ok'
    })
    await test.app.inject('/')
    expect((await onlyReport(test)).error_caught).toEqual(profile)
  })

  it('its title starts with NON-FATAL BACKEND ERROR, to differentiate from those that resulted from an exception, reported as FATAL BACKEND ERROR', async () => {
    const test = await buildApp()
    test.app.get('/users/:id', async (request) => {
      request.reportError('Oops. Failed to get user profile')
      return boom()
    })
    await test.app.inject('/users/7')
    expect((await test.reported()).map(({ title }) => title)).toEqual([
      'NON-FATAL BACKEND ERROR orders GET /users/:id: Oops. Failed to get user profile',
      'FATAL BACKEND ERROR orders 500 SERVER_ERROR: GET /users/:id: secret detail',
    ])
  })

  it('you tell what to do with crash reports by providing an error_reporter callback', async () => {
    const sent: unknown[] = []
    const test = await buildApp({
      reporter: {
        apiName: 'login-api',
        errorReporter: [
          (title) => void sent.push(['email', title]),
          (title) => void sent.push(['slack', title]),
        ],
      },
    })
    test.app.get('/', boom)
    await test.app.inject('/')
    await test.reported()
    const title = 'FATAL BACKEND ERROR login-api 500 SERVER_ERROR: GET /: secret detail'
    expect(sent).toEqual([
      ['email', title],
      ['slack', title],
    ])
  })

  it('title is a short description of the error, while message is a full json crash dump in string format, containing a traceback of the exception caught, data on the caller and runtime, etc.', async () => {
    const test = await buildApp({ reporter: { apiVersion: '1.4.0' } })
    test.app.get('/', boom)
    await test.app.inject({ url: '/?a=1', headers: { 'user-agent': 'tests' } })
    const [call] = await test.reported()
    expect(call?.title).not.toContain('\n')
    const dump = JSON.parse(call?.message ?? '')
    expect(Object.keys(dump)).toEqual(Object.keys(dump).sort())
    expect(call?.message).toContain('\n    "call_id"')
    expect(dump.trace.join('\n')).toContain('build-app.ts')
    expect(dump.user).toMatchObject({ ip: '127.0.0.1', user_agent: 'tests' })
    expect(dump.server).toMatchObject({ api_version: '1.4.0', node_version: process.version })
  })
})

describe('Defining custom exceptions in batch', () => {
  it('as an alternative to subclassing, you can define your own exceptions by calling add_error, which returns the class', async () => {
    const MyOwnError = addError({ name: 'MyOwnError', code: 'MY_OWN_ERROR', status: 503 })
    const test = await buildApp()
    test.app.get('/', () => {
      throw new MyOwnError('Sorry')
    })
    const answer = await test.app.inject('/')
    expect(answer.json()).toMatchObject({ error: 'MY_OWN_ERROR', status: 503 })
    expect((await onlyReport(test)).title).toBe(
      'FATAL BACKEND ERROR orders 503 MY_OWN_ERROR: GET /: Sorry',
    )
  })

  it('this is convenient if you want to define a large number of custom exceptions at once', () => {
    const definitions = Array.from({ length: 100 }, (_, at) => {
      return { name: `Error${at}`, code: `ERROR_${at}`, status: 400 + (at % 100) }
    })
    const made = addErrors(definitions)
    expect(Object.keys(made)).toHaveLength(100)
    expect(new (made.Error7 as typeof ServiceError)()).toMatchObject({
      name: 'Error7',
      code: 'ERROR_7',
      status: 407,
    })
  })
})

describe('Unhandled errors', () => {
  it('if your endpoint crashes, an Error with a status of 500 or above is sent back to the caller, and a crash report is sent via the error_reporter callback', async () => {
    const test = await buildApp()
    test.app.get('/', boom)
    const answer = await test.app.inject('/')
    expect(answer.statusCode).toBe(500)
    const report = await onlyReport(test)
    expect(answer.json()).toEqual({
      error: 'SERVER_ERROR',
      error_description: 'An unexpected error occurred',
      status: 500,
      error_id: report.error_id,
    })
    expect(report.error_id).toMatch(UUID)
  })
})

describe('Decorating errors with error_decorator', () => {
  it('you can intercept and manipulate all errors: get errors in json format, and return the decorated error', async () => {
    const test = await buildApp({
      core: {
        errorDecorator: (error) => {
          error.user_message = `Something went really wrong! Quote ${error.error_id}`
          return error
        },
      },
    })
    test.app.get('/', boom)
    const answer = await test.app.inject('/')
    const { error_id } = await onlyReport(test)
    expect(answer.json().user_message).toBe(`Something went really wrong! Quote ${error_id}`)
  })
})
