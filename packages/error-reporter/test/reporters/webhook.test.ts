import { createHmac } from 'node:crypto'
import { webhookReporter } from '@fastify-scs/error-reporter'
import { afterEach, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'
import { type Receiver, startReceiver } from './receiver.js'

let receiver: Receiver
afterEach(() => receiver.close())

async function report(
  options: Parameters<typeof webhookReporter>[0],
  delivery: { retries?: number; retryMs?: number } = {},
) {
  const test = await buildApp({ reporter: { errorReporter: webhookReporter(options), delivery } })
  test.app.reportError('Oops', { data: { text: 'Füße 漢字' } })
  await test.reported()
  return test
}

it('posts the report as JSON', async () => {
  receiver = await startReceiver()
  const test = await report({ url: receiver.url, headers: { 'x-team': 'orders' } })
  const [{ headers, body, path } = {}] = receiver.received
  expect(path).toBe('/hook')
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-team': 'orders' })
  expect(headers).not.toHaveProperty('x-scs-signature')
  expect(JSON.parse(body ?? '')).toMatchObject({
    title: 'NON-FATAL BACKEND ERROR orders: Oops',
    data: { text: 'Füße 漢字' },
  })
  expect(test.app.errorReporter.stats().reporters).toMatchObject([
    { name: 'webhook', delivered: 1 },
  ])
})

it('signs time and body with the secret, and never sends the secret', async () => {
  receiver = await startReceiver()
  await report({ url: receiver.url, secret: 'between us' })
  const [{ headers = {}, body } = {}] = receiver.received
  const timestamp = headers['x-scs-timestamp']
  const hmac = createHmac('sha256', 'between us').update(`${timestamp}.${body}`).digest('hex')
  expect(headers['x-scs-signature']).toBe(`sha256=${hmac}`)
  expect(Math.abs(Date.now() / 1000 - Number(timestamp))).toBeLessThan(60)
  expect(JSON.stringify(receiver.received)).not.toContain('between us')
})

it.each([500, 408, 429])('is tried again after a %i', async (status) => {
  receiver = await startReceiver([status, 200])
  const test = await report({ url: receiver.url }, { retryMs: 1 })
  expect(receiver.received).toHaveLength(2)
  expect(test.app.errorReporter.stats().reporters).toMatchObject([{ delivered: 1, failed: 1 }])
})

it.each([400, 401, 404, 302])('is not tried again after a %i', async (status) => {
  receiver = await startReceiver([{ status, headers: { location: '/elsewhere' } }])
  const test = await report({ url: receiver.url }, { retryMs: 1 })
  expect(receiver.received).toHaveLength(1)
  expect(test.app.errorReporter.stats().reporters).toMatchObject([{ undelivered: 1, failed: 1 }])
  const failure = test.log.find(({ msg }) => msg === 'an error reporter failed')
  expect(failure).toMatchObject({ err: { code: 'SCS_REPORTER_ERR_ANSWER' } })
  const rest = test.log.find(({ msg }) => msg === 'a report was not delivered')
  expect(rest).toMatchObject({ level: 50, reason: 'the receiver refuses it' })
  expect(rest?.report).toMatchObject({ data: { text: 'Füße 漢字' } })
})

it('sends report after report over one connection', async () => {
  receiver = await startReceiver()
  const { app, reported } = await report({ url: receiver.url })
  app.reportError('Again')
  await reported()
  expect(receiver.received).toHaveLength(2)
  expect(receiver.connections()).toBe(1)
})

it('closes the connection of an answer that does not end', async () => {
  receiver = await startReceiver()
  const gone = new Promise<void>((resolve) => {
    receiver.answerWith((response) => {
      response.on('close', resolve)
      const write = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(16_384), () => setImmediate(write))
      }
      write()
    })
  })
  const { app } = await report({ url: receiver.url })
  await gone
  expect(app.errorReporter.stats().reporters).toMatchObject([{ delivered: 1, failed: 0 }])
})
