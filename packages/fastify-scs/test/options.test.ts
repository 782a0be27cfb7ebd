import { describe, expect, it } from 'vitest'
import { type FastifyScsOptions, resolveOptions } from '../src/options.js'

const resolve = (given: unknown, env: Record<string, string> = {}) =>
  resolveOptions(given as FastifyScsOptions, env)
const authorize = (): boolean => true

it('an option wins over its variable', () => {
  const env = {
    SCS_SOURCE: 'shop',
    SCS_STORE_URL: 'sqlite:./other.db',
    SCS_RETENTION_DAYS: '7',
    SCS_ENVIRONMENT: 'staging',
    SCS_ERROR_FORMAT: 'problem',
    SCS_SLOW_CALL_MS: '300',
  }
  expect(resolve({}, env)).toEqual({
    core: { source: 'shop', errorFormat: 'problem' },
    store: { url: 'sqlite:./other.db', retentionDays: 7 },
    errorReporter: { environment: 'staging' },
    slowCall: { maxMs: 300 },
    queryLog: {},
    integrationLog: {},
    console: undefined,
  })
  const given = {
    source: 'orders',
    errorFormat: 'scs',
    store: { url: 'memory:', retentionDays: 1 },
    errorReporter: { environment: 'test' },
    slowCall: { maxMs: 1 },
  }
  expect(resolve(given, env)).toMatchObject({
    core: { source: 'orders' },
    ...{ store: given.store },
  })
  expect(resolve(given, env).errorReporter).toEqual({ environment: 'test' })
  expect(resolve(given, env).slowCall).toEqual({ maxMs: 1 })
})

it('an option that is undefined leaves the choice to the variable', () => {
  const env = { SCS_SOURCE: 'shop', SCS_SLOW_CALL_MS: '300', SCS_STORE_URL: 'memory:' }
  const given = { source: undefined, slowCall: { maxMs: undefined }, store: undefined }
  expect(resolve(given, env)).toMatchObject({
    core: { source: 'shop' },
    slowCall: { maxMs: 300 },
    store: { url: 'memory:' },
  })
})

it('an object of the store without a URL takes the URL of the variable', () => {
  const env = { SCS_STORE_URL: 'memory:', SCS_RETENTION_DAYS: '7' }
  expect(resolve({ store: { maxBytes: false } }, env).store).toEqual({
    url: 'memory:',
    retentionDays: 7,
    maxBytes: false,
  })
})

it('false leaves a plugin out although its variable is set', () => {
  const env = { SCS_STORE_URL: 'memory:', SCS_SLOW_CALL_MS: '300', SCS_ENVIRONMENT: 'staging' }
  const given = { store: false, slowCall: false, errorReporter: false }
  expect(resolve(given, env)).toMatchObject({
    store: undefined,
    slowCall: undefined,
    errorReporter: undefined,
  })
})

it.each(['', '  '])('a variable that is %j counts as not set', (empty) => {
  const names = ['SCS_SOURCE', 'SCS_STORE_URL', 'SCS_RETENTION_DAYS', 'SCS_SLOW_CALL_MS']
  const env = Object.fromEntries(names.map((name) => [name, empty]))
  expect(resolve({}, env)).toMatchObject({ core: {}, store: undefined, slowCall: {} })
})

describe('a variable that is malformed', () => {
  it.each([
    ['SCS_RETENTION_DAYS', '30d', "a whole number, 1 to 36500, got '30d'"],
    ['SCS_SLOW_CALL_MS', '-5', "a whole number, 1 to 86400000, got '-5'"],
    ['SCS_SLOW_CALL_MS', '0', "a whole number, 1 to 86400000, got '0'"],
    ['SCS_ERROR_FORMAT', 'rfc9457', "'scs', 'pymacaron', 'problem', got 'rfc9457'"],
  ])('%s=%s fails', (name, value, message) => {
    const wrong = `The environment variable ${name}: expected ${message}`
    expect(() => resolve({}, { [name]: value })).toThrow(
      expect.objectContaining({ code: 'SCS_ALL_ERR_VARIABLE', message: wrong }),
    )
  })
})

describe('an option that is wrong', () => {
  it.each([
    [{ storre: 'memory:' }, /storre: .*did you mean "store"\?/],
    [{ sourc: 'orders' }, /sourc: .*did you mean "source"\?/],
    [{ slowCall: 500 }, /Option slowCall: expected an object of options or false, got 500/],
    [{ slowCall: true }, /Option slowCall: expected an object of options or false, got true/],
    [{ store: 7 }, /Option store: expected a URL, an object of options or false, got 7/],
    [{ console: null }, /Option console: expected an object of options or false, got null/],
    [{ console: { authorize } }, /Option console: the console reads a store, and there is none/],
  ])('%o fails', (given, message) => {
    expect(() => resolve(given)).toThrow(message)
  })
})

it('ignores what Fastify itself reads', () => {
  expect(resolve({ prefix: '/api', logLevel: 'warn' }).core).not.toHaveProperty('store')
})
