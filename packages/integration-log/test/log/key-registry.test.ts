import { createRedactor } from '@fastify-scs/core'
import { expect, it, vi } from 'vitest'
import { KeyRegistry } from '../../src/log/key-registry.js'
import type { RecordSink } from '../../src/log/record-sink.js'
import { createCounts } from '../../src/log/stats.js'
import { buildApp, only } from '../build-app.js'

const field = (text: string) =>
  expect.objectContaining({
    code: 'SCS_INTEGRATION_ERR_FIELD',
    message: expect.stringContaining(text),
  })

it.each([[''], ['x'.repeat(201)], [7], [null]])(
  'a key is a text of 1 to 200 characters, not %j',
  async (key) => {
    const { app } = await buildApp()
    expect(() => app.integrations.log({ service: 'a', key: key as never })).toThrow(
      field('Field key: expected a text of 1 to 200 characters'),
    )
  },
)

it('a key that redaction changes is refused without being shown, unless the service may keep it', async () => {
  const { app, records } = await buildApp({ log: { keepKeys: ['bank'] } })
  const key = 'token=abc123'
  let message = ''
  try {
    app.integrations.log({ service: 'a', key })
  } catch (error) {
    message = String(error)
  }
  expect(message).toContain('keepKeys')
  expect(message).not.toContain('abc123')
  const { id } = app.integrations.log({ service: 'bank', key })
  app.integrations.log({ service: 'bank', key: 'token=def456' })
  expect((await records()).map((record) => record.key)).toEqual([key, 'token=def456'])
  expect(only((await app.integrations.find({ service: 'bank', key })).items).id).toBe(id)
})

it('giving a record the key that it already has is allowed', async () => {
  const { app, records } = await buildApp()
  const handle = app.integrations.log({ service: 'a', key: 'k' })
  handle.refer({ type: 'Order', id: '1', key: 'k' })
  handle.refer({ type: 'Order', id: '2', key: 'k-2' })
  expect(only(await records())).toMatchObject({ key: 'k-2', reference: { type: 'Order', id: '2' } })
  expect(app.integrations.stats().keysRefused).toBe(0)
})

it('a key is still free when its record could not be made', async () => {
  const { app, records } = await buildApp()
  let isFirst = true
  const reference = {
    type: 'Order',
    // Read twice: once it is checked, and once it is kept.
    get id(): string {
      if (isFirst) isFirst = false
      else throw new Error('gone')
      return '1'
    },
  }
  expect(() => app.integrations.log({ service: 'a', key: 'k', reference })).toThrow('gone')
  expect(app.integrations.log({ service: 'a', key: 'k' }).record.key).toBe('k')
  expect((await records()).map(({ key }) => key)).toEqual(['k'])
})

it('refer with a taken key keeps the record without the key, counted and logged', async () => {
  const { app, records, lines } = await buildApp()
  app.integrations.log({ service: 'a', key: 'k' })
  const handle = app.integrations.log({ service: 'a' })
  for (const _ of [1, 2, 3]) handle.refer({ type: 'Order', id: '7', key: 'k', description: 'Paid' })
  expect((await records())[1]).toMatchObject({
    key: null,
    description: 'Paid',
    reference: { type: 'Order', id: '7' },
  })
  expect(app.integrations.stats().keysRefused).toBe(3)
  expect(only(lines.filter(({ level }) => level === 50))).toMatchObject({
    err: { code: 'SCS_INTEGRATION_ERR_KEY_TAKEN' },
    msg: 'an integration record is kept without its key',
  })
})

it('refer takes a type and an id, and refuses unknown names', async () => {
  const { app } = await buildApp()
  const handle = app.integrations.log({ service: 'a' })
  expect(() => handle.refer({ type: 'Order' } as never)).toThrow(field('Field to:'))
  expect(() => handle.refer({ type: 'a', id: '1', descripton: 'x' } as never)).toThrow(
    field('did you mean "description"?'),
  )
  const { refer } = handle
  refer({ type: 'Order', id: 7 as never })
  expect(handle.record.reference).toEqual({ type: 'Order', id: '7' })
})

it('get and resume refuse a key that is not text', async () => {
  const { app } = await buildApp()
  for (const wrong of [{ service: 'a' }, null, { key: 'k' }])
    await expect(app.integrations.get(wrong as never)).rejects.toThrow(field('{ service, key }'))
})

it('the last 10,000 keys are remembered, for 10 minutes', () => {
  const sink = { logFailure: () => undefined } as unknown as RecordSink
  const book = new KeyRegistry(new Set(), sink, createCounts())
  const redactor = createRedactor({})
  const claim = (key: string, id: string) => book.tryClaim({ service: 'a', key }, id, redactor)
  const clock = vi.spyOn(Date, 'now')
  const now = Date.now()
  for (let n = 0; n < 10_001; n++) claim(`k-${n}`, 'first')
  expect([claim('k-0', 'second'), claim('k-10000', 'second')]).toEqual(['k-0', undefined])
  clock.mockReturnValue(now + 700_000)
  expect(claim('k-10000', 'second')).toBe('k-10000')
  clock.mockRestore()
})
