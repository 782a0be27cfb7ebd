import net from 'node:net'
import { expect, it } from 'vitest'
import { buildApp } from '../build-app.js'

/** Two addresses for every name; nobody listens at either on port 1. */
const lookup: net.LookupFunction = (_host, _options, done) =>
  done(null, [
    { address: '127.0.0.2', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ])

it('the record of a refused connection has each address, thrown or as a cause', async () => {
  const { app, records } = await buildApp({ log: { services: { db: {} } } })
  const error = await new Promise<Error>((resolve) => {
    net
      .connect({ host: 'db.internal', port: 1, lookup, autoSelectFamily: true })
      .on('error', resolve)
  })
  const call = { service: 'db', url: 'http://db.internal:1/', method: 'GET' }
  app.integrations.log({ ...call, error })
  app.integrations.log({ ...call, error: new TypeError('fetch failed', { cause: error }) })
  const refusals = ['connect ECONNREFUSED 127.0.0.2:1', 'connect ECONNREFUSED 127.0.0.1:1']
  const told = {
    name: 'AggregateError',
    code: 'ECONNREFUSED',
    message: refusals.join(' | '),
    errors: refusals.map((message) => ({ name: 'Error', code: 'ECONNREFUSED', message })),
  }
  expect((await records()).map((record) => record.error)).toMatchObject([
    told,
    { name: 'TypeError', message: 'fetch failed', cause: told },
  ])
})

it("a record shows an error's name where it says more than its class", async () => {
  const { app, records } = await buildApp({ log: { services: { db: {} } } })
  const error = new DOMException('too late', 'TimeoutError')
  app.integrations.log({ service: 'db', url: 'http://db.internal/', method: 'GET', error })
  expect((await records())[0]?.error).toMatchObject({ name: 'TimeoutError', message: 'too late' })
})
