import { expect, it } from 'vitest'
import { buildApp } from '../build-app.js'

it('passes on what a plugin publishes, until the listener ends', async () => {
  const { app } = await buildApp()
  const seen: unknown[] = []
  const end = app.scs.records.subscribe((item) => seen.push(item))
  app.scs.records.publish('reports', { id: 'one' })
  end()
  app.scs.records.publish('reports', { id: 'two' })
  expect(seen).toEqual([{ kind: 'reports', data: { id: 'one' } }])
  await app.close()
})

it('settles the plugins that lean on others before those', async () => {
  const { app } = await buildApp()
  const order: string[] = []
  app.scs.records.onSettle(async () => {
    await new Promise((resolve) => setImmediate(resolve))
    order.push('error-reporter')
  })
  app.scs.records.onSettle(() => order.push('slow-call'))
  await app.scs.records.settled()
  expect(order).toEqual(['slow-call', 'error-reporter'])
  await app.close()
})

it('a listener that fails is counted, and the others are called', async () => {
  const { app } = await buildApp()
  let calls = 0
  app.scs.records.subscribe(() => {
    throw new Error('no')
  })
  app.scs.records.subscribe(() => calls++)
  app.scs.records.publish('integration_requests', {})
  expect(calls).toBe(1)
  expect(app.scs.stats().callbackFailures.recordListener).toBe(1)
  await app.close()
})
