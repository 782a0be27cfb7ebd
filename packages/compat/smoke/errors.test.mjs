// Core: errors of each kind in each format, and by `require` as well.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import scsPlugin, { abort, ServiceError } from '@fastify-scs/core'
import Fastify from 'fastify'

class InvalidUserError extends ServiceError {
  static code = 'INVALID_USER'
  static status = 401
}

const EXPECTED = {
  scs: [
    { error: { id: 'orders-closed', message: 'Closed', details: { since: 'Monday' } } },
    { error: { id: 'invalid-user', message: "We don't know you" } },
    { error: { id: 'internal-server-error', message: 'An unexpected error occurred' } },
  ],
  pymacaron: [
    {
      error: 'ORDERS_CLOSED',
      error_description: 'Closed',
      status: 409,
      error_details: { since: 'Monday' },
    },
    {
      error: 'INVALID_USER',
      error_description: "We don't know you",
      user_message: "We don't know you",
      status: 401,
    },
    {
      error: 'SERVER_ERROR',
      error_description: 'An unexpected error occurred',
      status: 500,
    },
  ],
}

for (const [errorFormat, expected] of Object.entries(EXPECTED)) {
  test(`errors are answered in the format ${errorFormat}`, async (t) => {
    const app = Fastify()
    t.after(() => app.close())
    await app.register(scsPlugin, { errorFormat, audit: false })
    app.scs.registerError({ code: 409, id: 'orders-closed', message: 'Closed' })
    app.get('/closed', () => abort(409, { id: 'orders-closed', details: { since: 'Monday' } }))
    app.get('/user', () => {
      throw new InvalidUserError("We don't know you")
    })
    app.get('/crash', () => {
      throw new TypeError('secret')
    })
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    const answers = await Promise.all(
      ['closed', 'user', 'crash'].map(async (path) => (await fetch(`${address}/${path}`)).json()),
    )
    assert.deepEqual(answers, expected)
  })
}

test('the packages can be required', () => {
  const require = createRequire(import.meta.url)
  const scoped = (name) => `@fastify-scs/${name}`
  const plugins = ['core', 'store', 'error-reporter', 'slow-call', 'query-log', 'integration-log']
  for (const name of ['fastify-scs', ...[...plugins, 'console'].map(scoped)])
    assert.equal(typeof require(name).default, 'function', name)
  for (const name of ['client', 'testing', 'cli', 'store-sqlite', 'store-postgres'].map(scoped))
    assert.ok(Object.keys(require(name)).length > 0, name)
})
