import { expect, it } from 'vitest'
import { buildApp, only } from '../build-app.js'

const integration = { service: 'stripe' }
const headers = { 'content-type': 'application/json' }

it('numbers in a webhook that the parser may have rounded are marked', async () => {
  const { app, records } = await buildApp()
  app.post('/', { integration }, () => 'ok')
  const payload = '{"id":1234567890123456789,"huge":1e400,"n":7.5}'
  await app.inject({ method: 'POST', url: '/', headers, payload })
  expect(only(await records())).toMatchObject({
    data: { id: '[inexact: 1234567890123456800]', huge: 'Infinity', n: 7.5 },
    truncated: false,
  })
})

it('a webhook body above 1 MiB is recorded by its size only', async () => {
  const { app, records } = await buildApp()
  app.post('/', { integration, bodyLimit: 10_000_000 }, () => 'ok')
  const payload = JSON.stringify({ text: 'x'.repeat(1_100_000) })
  await app.inject({ method: 'POST', url: '/', headers, payload })
  expect(only(await records())).toMatchObject({
    data: `[truncated: ${payload.length} bytes]`,
    truncated: true,
  })
})

it('an answer in XML is redacted', async () => {
  const { app, records } = await buildApp()
  app.post('/', { integration }, (_request, reply) =>
    reply.type('application/soap+xml').send('<a><password>hunter2</password></a>'),
  )
  await app.inject({ method: 'POST', url: '/', headers, payload: '{}' })
  expect(only(await records())).toMatchObject({ output: '<a><password>[redacted]</password></a>' })
})
