import { runInNewContext } from 'node:vm'
import type { ExceptionDefinition } from '@fastify-scs/core'
import { expect, it } from 'vitest'
import { buildApp, failureLines } from '../build-app.js'

class CustomException extends Error {}
class SpecialException extends CustomException {}

it('a registered exception answers 500 with its id and message, never with its own text', async () => {
  const { app, log } = await buildApp()
  app.scs.registerException({
    exceptionClass: CustomException,
    id: 'custom-exception-occurred',
    message: 'A custom exception occured',
  })
  app.get('/', () => {
    throw new CustomException('secret detail')
  })
  const answer = await app.inject('/')
  expect(answer.statusCode).toBe(500)
  expect(answer.json()).toEqual({
    error: { id: 'custom-exception-occurred', message: 'A custom exception occured' },
  })
  expect(failureLines(log, 50)[0]?.err).toMatchObject({
    type: 'CustomException',
    message: 'secret detail',
  })
})

it('the most specific registered class wins, in whatever order they were registered', async () => {
  for (const order of [
    [CustomException, SpecialException],
    [SpecialException, CustomException],
  ]) {
    const { app } = await buildApp()
    for (const exceptionClass of order) {
      app.scs.registerException({ exceptionClass, id: exceptionClass.name, message: 'x' })
    }
    app.get('/', () => {
      throw new (class extends SpecialException {})('x')
    })
    expect((await app.inject('/')).json().error.id).toBe('SpecialException')
  }
})

it('an unregistered error is matched by its chain of causes', async () => {
  const { app } = await buildApp()
  app.scs.registerException({ exceptionClass: CustomException, id: 'custom', message: 'x' })
  app.get('/', () => {
    throw new Error('outer', { cause: new TypeError('middle', { cause: new SpecialException() }) })
  })
  expect((await app.inject('/')).json().error.id).toBe('custom')
})

it('a circle of causes and an endless chain of them end', async () => {
  const { app } = await buildApp()
  app.scs.registerException({ exceptionClass: CustomException, id: 'custom', message: 'x' })
  app.get('/circle', () => {
    const error = new Error('a')
    error.cause = new Error('b', { cause: error })
    throw error
  })
  app.get('/endless', () => {
    throw new (class Endless extends Error {
      override get cause(): Error {
        return new Endless('again')
      }
    })('first')
  })
  expect((await app.inject('/circle')).json().error.id).toBe('internal-server-error')
  expect((await app.inject('/endless')).json().error.id).toBe('internal-server-error')
})

it('Error itself can be registered, and takes only what has no answer of its own', async () => {
  const { app } = await buildApp()
  app.scs.registerException({ exceptionClass: Error, id: 'any', message: 'Anything' })
  app.scs.registerException({ exceptionClass: TypeError, id: 'type', message: 'A type' })
  app.get('/error', () => {
    throw new RangeError('x')
  })
  app.get('/type', () => {
    throw new TypeError('x')
  })
  app.get('/conflict', () => {
    throw Object.assign(new Error('taken'), { statusCode: 409 })
  })
  app.get('/cause', () => {
    throw new Error('x', { cause: new TypeError('y') })
  })
  const idOf = async (url: string): Promise<string> => (await app.inject(url)).json().error.id
  expect(await idOf('/error')).toBe('any')
  expect(await idOf('/type')).toBe('type')
  expect(await idOf('/conflict')).toBe('conflict')
  expect(await idOf('/cause')).toBe('type')
})

it('an exception need not be an Error', async () => {
  class Signal {
    readonly name = 'signal'
  }
  const { app } = await buildApp()
  app.scs.registerException({ exceptionClass: Signal, id: 'signal', message: 'A signal' })
  app.get('/', () => {
    throw new Signal()
  })
  expect((await app.inject('/')).json().error.id).toBe('signal')
})

it('the id may be one that is registered for 500, then no message is needed', async () => {
  const { app } = await buildApp()
  app.scs.registerError({ code: 500, id: 'broken', message: 'It is broken' })
  app.scs.registerException({ exceptionClass: CustomException, id: 'broken' })
  app.get('/', () => {
    throw new CustomException()
  })
  expect((await app.inject('/')).json()).toEqual({
    error: { id: 'broken', message: 'It is broken' },
  })
  expect(app.scs.exceptions).toEqual([
    { exceptionClass: CustomException, id: 'broken', message: 'It is broken' },
  ])
})

it.each([
  ['message', { exceptionClass: CustomException, id: 'unknown' }],
  ['exceptionClass', { exceptionClass: 'CustomException', id: 'x', message: 'x' }],
  ['exceptionClass', { exceptionClass: () => undefined, id: 'x', message: 'x' }],
  ['id', { exceptionClass: CustomException, id: '', message: 'x' }],
  ['message', { exceptionClass: CustomException, id: 'x', message: '' }],
  ['definition', undefined],
])('a wrong %s is an error that names it', async (field, wrong) => {
  const { app } = await buildApp()
  expect(() => app.scs.registerException(wrong as ExceptionDefinition)).toThrow(
    expect.objectContaining({
      code: 'SCS_ERR_DEFINITION',
      message: expect.stringContaining(`field "${field}"`),
    }),
  )
})

it('another answer for a class or an id is a conflict; the same definition is not', async () => {
  const { app } = await buildApp()
  const definition = { exceptionClass: CustomException, id: 'custom', message: 'x' }
  const conflict = expect.objectContaining({ code: 'SCS_ERR_CONFLICT' })
  app.scs.registerException(definition)
  expect(() => app.scs.registerException(definition)).not.toThrow()
  expect(() => app.scs.registerException({ ...definition, id: 'other' })).toThrow(conflict)
  expect(() =>
    app.scs.registerException({ exceptionClass: SpecialException, id: 'custom', message: 'y' }),
  ).toThrow(conflict)
})

it('what is registered for Error answers errors of another realm as well', async () => {
  const { app } = await buildApp()
  app.scs.registerException({ exceptionClass: Error, id: 'any-error', message: 'x' })
  app.get('/', () => {
    throw runInNewContext('new RangeError("of another realm")')
  })
  expect((await app.inject('/')).json().error.id).toBe('any-error')
})
