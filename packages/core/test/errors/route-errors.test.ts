import { defineError, type RouteError, ServiceError } from '@fastify-scs/core'
import { expect, it } from 'vitest'
import { buildApp } from '../build-app.js'

const limited = defineError({ code: 429, id: 'limited', message: 'Slow down' })
class NotPaid extends ServiceError {
  static override readonly code = 'NOT_PAID'
  static override readonly status = 402
}

it('a route declares the errors that it answers with', async () => {
  const { app } = await buildApp()
  app.scs.registerError(limited)
  app.get('/', { throws: [limited, NotPaid, 'later'] }, () => 'ok')
  app.register(async (child) => {
    child.scs.registerError({ code: 409, id: 'later', message: 'x' })
  })
  await app.ready()
  expect(app.scs.routes).toEqual([
    { method: 'GET', url: '/', throws: [limited, NotPaid, 'later'] },
    { method: 'HEAD', url: '/', throws: [limited, NotPaid, 'later'] },
  ])
})

it('an item that is no error fails when the route is added', async () => {
  const { app } = await buildApp()
  const add = (throws: unknown): void => {
    app.get('/', { throws: throws as readonly RouteError[] }, () => 'ok')
  }
  const refused = expect.objectContaining({ code: 'SCS_ERR_THROWS' })
  expect(() => add('limited')).toThrow(refused)
  expect(() => add([429])).toThrow(refused)
  expect(() => add([Error])).toThrow(refused)
})

it('an id that nobody has registered fails when the app gets ready', async () => {
  const { app } = await buildApp()
  app.get('/', { throws: ['no-such-id'] }, () => 'ok')
  await expect(app.ready()).rejects.toMatchObject({
    code: 'SCS_ERR_THROWS',
    message: expect.stringContaining('no-such-id'),
  })
})

it('a defined error that nobody has registered fails when the app gets ready', async () => {
  const { app } = await buildApp()
  app.get('/', { throws: [limited] }, () => 'ok')
  await expect(app.ready()).rejects.toMatchObject({
    code: 'SCS_ERR_THROWS',
    message: expect.stringMatching(/GET \/.*429 limited.*not registered/),
  })
})

it('a defined error may be registered after its route', async () => {
  const { app } = await buildApp()
  app.get('/', { throws: [limited] }, () => 'ok')
  app.register(async (child) => void child.scs.registerError(limited))
  await app.ready()
  expect(app.scs.routes).toHaveLength(2)
})
