import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import scsPlugin, {
  abort,
  defineAuditEvent,
  defineError,
  type ErrorDefinition,
} from '@fastify-scs/core'
import type { FastifyInstance } from 'fastify'
import { expect, it, vi } from 'vitest'
import { buildApp } from '../build-app.js'

const file = fileURLToPath(import.meta.url)
const lines = readFileSync(file, 'utf8').split('\n')

/** Where this file says something, as a conflict shows it: without the column. */
function lineWith(text: string): string {
  return `${file}:${lines.findIndex((line) => line.includes(text)) + 1}:`
}

function conflictOf(register: () => unknown): string {
  try {
    register()
  } catch (error) {
    expect(error).toMatchObject({ code: 'SCS_ERR_CONFLICT' })
    return (error as Error).message
  }
  throw new Error('there was no conflict')
}

it('definitions that stand within an onRegister hook are registered once for all contexts', async () => {
  const { app } = await buildApp()
  class PaymentRefused extends Error {}
  const returned = new Set<unknown>()
  app.addHook('onRegister', (instance) => {
    const { scs } = instance
    returned.add(scs.registerError({ code: 429, id: 'slow-down', message: 'Slow down' }))
    scs.registerException({ exceptionClass: PaymentRefused, id: 'refused', message: 'Refused' })
    returned.add(
      scs.registerAuditEvent({ type: 'paid', level: 'INFO', messageTemplate: 'paid {amount}' }),
    )
  })
  app.register(async (child) => {
    child.get('/a', () => abort(429, { id: 'slow-down' }))
  })
  app.register(async (child) => {
    child.get('/b', () => {
      throw new PaymentRefused()
    })
  })
  expect((await app.inject('/a')).json().error).toEqual({ id: 'slow-down', message: 'Slow down' })
  expect((await app.inject('/b')).json().error).toEqual({ id: 'refused', message: 'Refused' })
  expect(returned.size).toBe(2)
  expect(app.scs.errors.filter(({ id }) => id === 'slow-down')).toHaveLength(1)
  expect(app.scs.exceptions).toHaveLength(1)
  expect(app.scs.auditEvents).toHaveLength(1)
})

it('two installed copies of an extension, each with its own copy of core, share their definitions', async () => {
  const { app, audit } = await buildApp()
  vi.resetModules()
  const other = await import('@fastify-scs/core')
  expect(other.default).not.toBe(scsPlugin)
  const install = (instance: FastifyInstance, core: typeof other) => {
    const limited = core.defineError({ code: 429, id: 'guard-limited', message: 'Too many' })
    const event = { type: 'guard-failed', messageTemplate: 'failed: {reason}' } as const
    const failed = core.defineAuditEvent({ ...event, level: core === other ? 'INFO' : 'info' })
    const returned = instance.scs.registerError(limited)
    expect(instance.scs.registerAuditEvent(failed).type).toBe('guard-failed')
    return { limited, returned, failed }
  }
  const one = install(app, { ...other, defineError, defineAuditEvent })
  const two = install(app, other)
  expect(two.returned).toBe(one.returned)
  app.get('/one', (request) => {
    one.failed(request, { reason: 'one' })
    throw one.limited({ details: 1 })
  })
  app.get('/two', (request) => {
    two.failed(request, { reason: 'two' })
    throw two.limited({ details: 2 })
  })
  for (const [url, details] of [['/one', 1] as const, ['/two', 2] as const]) {
    const error = { id: 'guard-limited', message: 'Too many', details }
    expect((await app.inject(url)).json()).toEqual({ error })
  }
  expect(audit.map(({ message }) => message)).toEqual(['failed: one', 'failed: two'])
})

it('another message for an id is a conflict that says both messages and both places', async () => {
  const { app } = await buildApp()
  app.scs.registerError({ code: 429, id: 'slow', message: 'First message' }) // first place
  const message = conflictOf(
    () => app.scs.registerError({ code: 429, id: 'slow', message: 'Second message' }), // second place
  )
  expect(message).toContain('The error id "slow" for code 429 is already registered')
  expect(message).toContain(`'First message' at ${lineWith('// first place')}`)
  expect(message).toContain(`'Second message' at ${lineWith('// second place')}`)
  expect(message).toMatch(/:\d+:\d+, and now .*:\d+:\d+$/)
})

it('an answer that core brings along is named as its own', async () => {
  const { app } = await buildApp()
  const again = { code: 401, id: 'unauthenticated', message: 'Authentication is required' }
  expect(() => app.scs.registerError(again)).not.toThrow()
  const message = conflictOf(() => app.scs.registerError({ ...again, message: 'Who are you?' }))
  expect(message).toContain("'Authentication is required' at @fastify-scs/core itself")
})

it('a class that answers with another id, or an id with another message, says both places', async () => {
  const { app } = await buildApp()
  class Refused extends Error {}
  class Other extends Error {}
  app.scs.registerException({ exceptionClass: Refused, id: 'refused', message: 'No' }) // first class
  app.scs.registerException({ exceptionClass: Refused, id: 'refused' })
  const ofClass = conflictOf(
    () => app.scs.registerException({ exceptionClass: Refused, id: 'denied', message: 'No' }), // second class
  )
  const first = `"refused", 'No' at ${lineWith('// first class')}`
  expect(ofClass).toContain('The exception class Refused is already registered')
  expect(ofClass).toContain(first)
  expect(ofClass).toContain(`"denied", 'No' at ${lineWith('// second class')}`)
  const ofId = conflictOf(() =>
    app.scs.registerException({ exceptionClass: Other, id: 'refused', message: 'Yes' }),
  )
  expect(ofId).toContain('The error id "refused" for code 500 is already registered')
  expect(app.scs.exceptions.map(({ id }) => id)).toEqual(['refused'])
})

it('two classes of one name, as two copies of a package have them, share an id', async () => {
  const { app } = await buildApp()
  const make = () => class PaymentError extends Error {}
  const [One, Two] = [make(), make()]
  const answer = { id: 'payment', message: 'Payment failed' }
  app.scs.registerException({ exceptionClass: One, ...answer })
  app.scs.registerException({ exceptionClass: Two, ...answer })
  app.get('/', () => {
    throw new Two()
  })
  expect((await app.inject('/')).json().error).toEqual(answer)
})

it('an event type of another level or template says both and both places; another case is the same level', async () => {
  const { app } = await buildApp()
  const event = { type: 'paid', level: 'WARN', messageTemplate: 'paid' } as const
  const paid = app.scs.registerAuditEvent({ ...event }) // first event
  for (const level of ['WARN', 'warn', 'WARNING', 'warning'] as const) {
    expect(app.scs.registerAuditEvent({ ...event, level })).toBe(paid)
  }
  const message = conflictOf(
    () => app.scs.registerAuditEvent({ ...event, level: 'info' }), // second event
  )
  expect(message).toContain('The audit event type "paid" is already registered')
  expect(message).toContain(`WARN 'paid' at ${lineWith('// first event')}`)
  expect(message).toContain(`INFO 'paid' at ${lineWith('// second event')}`)
  expect(
    conflictOf(() => app.scs.registerAuditEvent({ ...event, messageTemplate: 'x' })),
  ).toContain("WARN 'x' at")
})

it('an event that its first call has registered was registered where it was called', async () => {
  const { app } = await buildApp()
  const late = defineAuditEvent({ type: 'late', level: 'INFO', messageTemplate: 'late' })
  late(app) // called here
  const message = conflictOf(() =>
    app.scs.registerAuditEvent({ type: 'late', level: 'INFO', messageTemplate: 'other' }),
  )
  expect(message).toContain(`INFO 'late' at ${lineWith('// called here')}`)
})

it('a place is that of the call, also when the definitions are registered by forEach', async () => {
  const { app } = await buildApp()
  const definitions: ErrorDefinition[] = [{ code: 409, id: 'taken', message: 'Taken' }]
  definitions.forEach(app.scs.registerError) // by forEach
  const message = conflictOf(() =>
    app.scs.registerError({ code: 409, id: 'taken', message: 'Other' }),
  )
  expect(message).toContain(lineWith('// by forEach'))
})

it('registering what is registered captures no stack, however often a request does it', async () => {
  const { app } = await buildApp()
  const definition = { code: 409, id: 'taken', message: 'Taken' }
  app.scs.registerError(definition)
  const capture = vi.spyOn(Error, 'captureStackTrace')
  for (let i = 0; i < 1_000; i++) app.scs.registerError({ ...definition })
  expect(capture).not.toHaveBeenCalled()
  app.scs.registerError({ ...definition, id: 'other' })
  expect(capture).toHaveBeenCalledTimes(1)
  capture.mockRestore()
})

it('a conflict is told in a process without stack traces, or with a trace format of its own', async () => {
  const { app } = await buildApp()
  const { stackTraceLimit, prepareStackTrace } = Error
  const definition = { code: 409, id: 'taken', message: 'Taken' }
  try {
    Error.stackTraceLimit = 0
    app.scs.registerError(definition)
    expect(conflictOf(() => app.scs.registerError({ ...definition, message: 'x' }))).toContain(file)
    expect(Error.stackTraceLimit).toBe(0)
    Error.stackTraceLimit = stackTraceLimit
    Error.prepareStackTrace = () => 'a text of the host'
    app.scs.registerError({ ...definition, id: 'other' })
    const message = conflictOf(() =>
      app.scs.registerError({ ...definition, id: 'other', message: 'x' }),
    )
    expect(message).toContain("'x' at an unknown place")
  } finally {
    Object.assign(Error, { stackTraceLimit, prepareStackTrace })
  }
})

it('what is registered may be chosen as the default of its code later, and another one then conflicts', async () => {
  const { app } = await buildApp()
  app.scs.registerError({ code: 409, id: 'first', message: 'First' })
  app.scs.registerError({ code: 409, id: 'second', message: 'Second' }) // chosen below
  app.get('/', () => abort(409))
  expect((await app.inject('/')).json().error.id).toBe('first')
  for (let i = 0; i < 2; i++) {
    app.scs.registerError({ code: 409, id: 'second', message: 'Second', isDefault: true })
  }
  app.scs.registerError({ code: 409, id: 'second', message: 'Second' })
  expect((await app.inject('/')).json().error.id).toBe('second')
  const third = { code: 409, id: 'third', message: 'Third', isDefault: true }
  const message = conflictOf(() => app.scs.registerError(third))
  expect(message).toContain('The default for code 409 is already registered')
  expect(message).toContain(`"second" at ${lineWith('// chosen below')}`)
  expect(app.scs.errors.map(({ id }) => id)).not.toContain('third')
})
