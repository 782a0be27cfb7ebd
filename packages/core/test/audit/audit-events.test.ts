import { type AuditEventDefinition, abort, defineAuditEvent } from '@fastify-scs/core'
import { expect, it } from 'vitest'
import { buildApp } from '../build-app.js'

const done: AuditEventDefinition = {
  type: 'custom-audit-event',
  level: 'INFO',
  messageTemplate: "User '{user}' has done {terribleThing}",
}

declare module 'fastify' {
  interface FastifyRequest {
    user?: unknown
  }
}

it('an audit event becomes one line, in the form of SCS', async () => {
  const { app, audit } = await buildApp()
  app.scs.registerAuditEvent(done)
  app.addHook('onRequest', async (request) => {
    request.user = 'x'
  })
  app.get('/do', (request) => {
    request.addAuditEvent('custom-audit-event', { terribleThing: 'something awful' })
    return 'ok'
  })
  await app.inject('/do?secret=1')
  expect(audit).toEqual([
    {
      level: 'INFO',
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      message: "User 'x' has done something awful",
      event: {
        type: 'custom-audit-event',
        details: { ip: '127.0.0.1', path: '/do', user: 'x', terribleThing: 'something awful' },
      },
      source: 'test',
    },
  ])
})

it('the line is written at the call, before the request goes on', async () => {
  const { app, audit } = await buildApp()
  app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: 'seen' })
  const seen: number[] = []
  app.get('/', (request) => {
    request.addAuditEvent('seen')
    seen.push(audit.length)
    return 'ok'
  })
  await app.inject('/')
  expect(seen).toEqual([1])
})

it('events before a failed authentication and before an error are written, in order', async () => {
  const { app, audit } = await buildApp()
  app.scs.registerAuditEvent({ type: 'one', level: 'info', messageTemplate: 'one' })
  app.scs.registerAuditEvent({ type: 'two', level: 'info', messageTemplate: 'two' })
  app.addHook('onRequest', async (request) => {
    request.addAuditEvent('one')
    request.addAuditEvent('two')
    abort(401)
  })
  app.get('/', () => 'ok')
  expect((await app.inject('/')).statusCode).toBe(401)
  expect(audit.map((line) => line.message)).toEqual(['one', 'two'])
})

it.each([
  ['a string', 'ann', 'ann'],
  ['an object with an id', { id: 7 }, 7],
  ['an object with a sub', { sub: 'auth0|1' }, 'auth0|1'],
])('the user is found in request.user as %s', async (_what, user, expected) => {
  const { app, audit } = await buildApp()
  app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: 'seen' })
  let found: unknown
  app.get('/', (request) => {
    request.user = user
    request.addAuditEvent('seen')
    found = app.scs.userOf(request)
    return 'ok'
  })
  await app.inject('/')
  expect(audit[0]?.event).toMatchObject({ details: { user: expected } })
  expect(found).toBe(expected)
})

it('an unknown user is null where the template needs it, and left out elsewhere', async () => {
  const { app, audit } = await buildApp()
  app.scs.registerAuditEvent({ type: 'needs', level: 'info', messageTemplate: 'by {user}' })
  app.scs.registerAuditEvent({ type: 'needs-not', level: 'info', messageTemplate: 'by nobody' })
  app.get('/', (request) => {
    request.addAuditEvent('needs')
    request.addAuditEvent('needs-not')
    return 'ok'
  })
  await app.inject('/')
  expect(audit[0]).toMatchObject({ message: 'by null', event: { details: { user: null } } })
  expect(audit[1]?.event).toEqual({
    type: 'needs-not',
    details: { ip: '127.0.0.1', path: '/' },
  })
})

it.each<[string, () => never]>([
  [
    'throws',
    () => {
      throw new Error('no session store')
    },
  ],
  ['returns an object', () => ({ name: 'ann' }) as never],
  ['returns a promise that fails', () => Promise.reject(new Error('nobody waits')) as never],
])('a user option that %s finds nobody, and is logged and counted', async (_what, user) => {
  const { app, audit, log } = await buildApp({ user })
  app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: 'by {user}' })
  app.get('/', (request) => {
    request.addAuditEvent('seen')
    return 'ok'
  })
  expect((await app.inject('/')).statusCode).toBe(200)
  expect(audit[0]?.message).toBe('by null')
  expect(app.scs.stats().callbackFailures.user).toBe(1)
  expect(log.some((line) => line.level === 50)).toBe(true)
})

it('the details are a deep copy, made at the call', async () => {
  const { app, audit } = await buildApp()
  app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: '{order}' })
  const order = { items: [{ price: 1 }] }
  app.get('/', (request) => {
    request.addAuditEvent('seen', { order })
    if (order.items[0] !== undefined) order.items[0].price = 2
    return 'ok'
  })
  await app.inject('/')
  expect(audit[0]?.message).toBe('{"items":[{"price":1}]}')
  expect(order).toEqual({ items: [{ price: 2 }] })
})

it('a missing field, an unknown type and details that are none throw at the call', async () => {
  const { app } = await buildApp()
  app.scs.registerAuditEvent(done)
  const codes: unknown[] = []
  const codeOf = (call: () => void): void => {
    try {
      call()
    } catch (error) {
      codes.push((error as { code: string }).code)
    }
  }
  app.get('/', (request) => {
    codeOf(() => request.addAuditEvent('custom-audit-event', { terribleTing: 'x' }))
    codeOf(() => request.addAuditEvent('custom-audit-event', { terribleThing: undefined }))
    codeOf(() => request.addAuditEvent('custom-audit-event', Object.create({ terribleThing: 1 })))
    codeOf(() => request.addAuditEvent('no-such-type'))
    codeOf(() => request.addAuditEvent('__proto__'))
    codeOf(() => request.addAuditEvent('custom-audit-event', null as never))
    return 'ok'
  })
  await app.inject('/')
  expect(codes).toEqual([
    'SCS_ERR_AUDIT_FIELD_MISSING',
    'SCS_ERR_AUDIT_FIELD_MISSING',
    'SCS_ERR_AUDIT_FIELD_MISSING',
    'SCS_ERR_AUDIT_EVENT_UNKNOWN',
    'SCS_ERR_AUDIT_EVENT_UNKNOWN',
    'SCS_ERR_DEFINITION',
  ])
})

it('control characters and marks of direction are escaped in every value and in the message', async () => {
  const texts: string[] = []
  const { app } = await buildApp({ audit: { stream: { write: (line) => texts.push(line) } } })
  app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: 'by {name}' })
  const odd = 'a\u007fb\u0085c\u2028d\u202ee\u2066f\u200eg'
  app.scs.addAuditEvent('seen', { name: odd, list: [{ odd }] })
  const [text = ''] = texts
  expect(text).not.toMatch(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/)
  expect(JSON.parse(text)).toMatchObject({
    message: 'by a\\u007fb\\u0085c\\u2028d\\u202ee\\u2066f\\u200eg',
    event: { details: { name: odd, list: [{ odd }] } },
  })
  await app.close()
})

it.each([
  ['nobody is known', undefined, null],
  ['somebody is known', 'ann', 'ann'],
])('details spread from a request cannot say who made it when %s', async (_when, user, shown) => {
  const { app, audit } = await buildApp({ user: () => user })
  app.scs.registerAuditEvent({ type: 'needs', level: 'info', messageTemplate: 'by {user}' })
  app.scs.registerAuditEvent({ type: 'needs-not', level: 'info', messageTemplate: 'by nobody' })
  app.post('/', (request) => {
    request.addAuditEvent('needs', { ...(request.body as object) })
    request.addAuditEvent('needs-not', { ...(request.body as object) })
    return 'ok'
  })
  await app.inject({ method: 'POST', url: '/', payload: { user: 'admin', n: 1 } })
  expect(audit[0]).toMatchObject({ message: `by ${shown}`, event: { details: { user: shown } } })
  expect(audit[1]?.event).toEqual({
    type: 'needs-not',
    details: { ip: '127.0.0.1', path: '/', n: 1, ...(user === undefined ? {} : { user }) },
  })
})

it('details spread from a request cannot pass for its address or its path', async () => {
  const { app, audit } = await buildApp()
  app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: '{ip} {path}' })
  app.post('/', (request) => {
    request.addAuditEvent('seen', { ...(request.body as object) })
    return 'ok'
  })
  await app.inject({ method: 'POST', url: '/', payload: { ip: '6.6.6.6', path: '/admin' } })
  expect(audit[0]?.message).toBe('127.0.0.1 /')
})

it('outside of a request an event has neither address nor path nor user, unless they are given', async () => {
  const { app, audit } = await buildApp()
  app.scs.registerAuditEvent(done)
  app.scs.addAuditEvent('custom-audit-event', { terribleThing: 'cleaning' })
  app.scs.addAuditEvent('custom-audit-event', { terribleThing: 'cleaning', user: 'cron' })
  expect(audit[0]).toMatchObject({
    message: "User 'null' has done cleaning",
    event: { details: { ip: null, path: null, user: null } },
  })
  expect(audit[1]?.message).toBe("User 'cron' has done cleaning")
  await app.close()
})

it('a typed event adds itself, to a request or to the app', async () => {
  const { app, audit } = await buildApp()
  const logged = app.scs.registerAuditEvent({
    type: 'logged-in',
    level: 'warning',
    messageTemplate: '{user} logged in from {country}',
  })
  app.get('/', (request) => {
    request.user = 'ann'
    logged(request, { user: 'somebody else', country: 'NL' })
    return 'ok'
  })
  await app.inject('/')
  logged(app, { country: 'BE' })
  expect(audit.map(({ level, message }) => [level, message])).toEqual([
    ['WARN', 'ann logged in from NL'],
    ['WARN', 'null logged in from BE'],
  ])
})

it('another template for a type is a conflict; the same definition is not', async () => {
  const { app } = await buildApp()
  const defined = defineAuditEvent({ type: 'defined', level: 'info', messageTemplate: 'x' })
  app.addHook('onRegister', (instance) => {
    instance.scs.registerAuditEvent(done)
    expect(instance.scs.registerAuditEvent(defined)).toBe(defined)
  })
  app.register(async () => undefined)
  app.register(async () => undefined)
  await app.ready()
  expect(() => app.scs.registerAuditEvent({ ...done, messageTemplate: 'other' })).toThrow(
    expect.objectContaining({ code: 'SCS_ERR_CONFLICT' }),
  )
  expect(app.scs.auditEvents).toEqual([
    done,
    { type: 'defined', level: 'INFO', messageTemplate: 'x' },
  ])
})

it.each([
  ['type', { ...done, type: '' }],
  ['level', { ...done, level: 'LOUD' }],
  ['level', { ...done, level: undefined }],
  ['messageTemplate', { ...done, messageTemplate: 5 }],
])('a wrong %s is an error that names it', async (field, wrong) => {
  const { app } = await buildApp()
  expect(() => app.scs.registerAuditEvent(wrong as never)).toThrow(
    expect.objectContaining({
      code: 'SCS_ERR_DEFINITION',
      message: expect.stringContaining(`field "${field}"`),
    }),
  )
})

it('secrets in the details are redacted, in the event and in the message', async () => {
  const { app, audit } = await buildApp({ redact: { keys: ['nickname'] } })
  app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: '{password} {url}' })
  app.scs.addAuditEvent('seen', {
    password: 'hunter2',
    url: 'https://a:hunter2@x/?api_key=hunter2',
    Nick_Name: 'hunter2',
  })
  expect(JSON.stringify(audit)).not.toContain('hunter2')
  await app.close()
})

it('a listener gets each event with its request, until it is taken off', async () => {
  const { app } = await buildApp()
  app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: 'x' })
  const seen: unknown[] = []
  const unsubscribe = app.scs.audit.subscribe((event, request) => {
    seen.push([event.event.type, request?.url])
  })
  app.get('/', (request) => {
    request.addAuditEvent('seen')
    return 'ok'
  })
  await app.inject('/')
  app.scs.addAuditEvent('seen')
  unsubscribe()
  app.scs.addAuditEvent('seen')
  expect(seen).toEqual([
    ['seen', '/'],
    ['seen', undefined],
  ])
})

it('a listener that throws fails no request, and is logged and counted', async () => {
  const { app, audit, log } = await buildApp()
  app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: 'x' })
  app.scs.audit.subscribe(() => {
    throw new Error('listener broke')
  })
  expect(() => app.scs.addAuditEvent('seen')).not.toThrow()
  expect(audit).toHaveLength(1)
  expect(app.scs.stats().callbackFailures.auditListener).toBe(1)
  expect(log.some((line) => line.level === 50)).toBe(true)
  await app.close()
})

it('a defined event that is not registered is written, and told of once by its first use', async () => {
  const { app, audit, log } = await buildApp()
  const forgotten = defineAuditEvent({
    type: 'forgotten',
    level: 'warning',
    messageTemplate: '{what} was forgotten',
  })
  app.get('/', (request) => {
    forgotten(request, { what: 'it' })
    return 'ok'
  })
  for (let i = 0; i < 3; i++) expect((await app.inject('/')).statusCode).toBe(200)
  expect(audit.map(({ level, message }) => [level, message])).toEqual(
    Array(3).fill(['WARN', 'it was forgotten']),
  )
  expect(log.filter((line) => line.type === 'forgotten')).toHaveLength(1)
  expect(app.scs.auditEvents.map(({ type }) => type)).toEqual(['forgotten'])
})

it('a defined event registers itself with each app that uses it, outside of a request as well', async () => {
  const forgotten = defineAuditEvent({ type: 'forgotten', level: 'info', messageTemplate: 'x' })
  for (const { app, audit, log } of [await buildApp(), await buildApp()]) {
    forgotten(app)
    expect(audit).toHaveLength(1)
    expect(log.filter((line) => line.type === 'forgotten')).toHaveLength(1)
    await app.close()
  }
})

it('a defined event with a broken template, unregistered, fails as its registration would', async () => {
  const { app } = await buildApp()
  const broken = defineAuditEvent({ type: 'broken', level: 'info', messageTemplate: 'a { brace' })
  expect(() => (broken as (target: unknown) => void)(app)).toThrow(
    expect.objectContaining({ code: 'SCS_ERR_TEMPLATE' }),
  )
  await app.close()
})
