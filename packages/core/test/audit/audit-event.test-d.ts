import { defineAuditEvent, type TemplateFields } from '@fastify-scs/core'
import Fastify, { type FastifyRequest } from 'fastify'
import { assertType, expectTypeOf, it } from 'vitest'

declare const request: FastifyRequest

it('the fields are read from the template’s literal type', () => {
  expectTypeOf<TemplateFields<"User '{user}' did {what} {{not}} {why}">>().toEqualTypeOf<
    'user' | 'what' | 'why'
  >()
  expectTypeOf<TemplateFields<'nothing'>>().toEqualTypeOf<never>()
  expectTypeOf<TemplateFields<string>>().toEqualTypeOf<string>()
})

it('a missing or misspelt field does not compile', () => {
  const done = defineAuditEvent({
    type: 'x',
    level: 'info',
    messageTemplate: "User '{user}' has done {terribleThing}",
  })
  done(request, { terribleThing: 1 })
  done(Fastify(), { terribleThing: 1, user: 'ann' })
  // @ts-expect-error the field is missing
  done(request, {})
  // @ts-expect-error the details are missing
  done(request)
  // @ts-expect-error the field is misspelt
  done(request, { terribleTing: 1 })
  // @ts-expect-error one field too many
  done(request, { terribleThing: 1, usr: 'ann' })
})

it('an event without fields of its own needs no details', () => {
  const seen = defineAuditEvent({ type: 'x', level: 'WARNING', messageTemplate: '{ip} {user}' })
  seen(request)
  seen(request, { user: 'ann' })
})

it('app.scs.registerAuditEvent keeps the type of a definition and of a defined event', () => {
  const app = Fastify()
  const done = app.scs.registerAuditEvent({ type: 'x', level: 'info', messageTemplate: '{a}' })
  done(app, { a: 1 })
  // @ts-expect-error the field is missing
  done(app)
  assertType<typeof done>(app.scs.registerAuditEvent(done))
  // @ts-expect-error no level of this name
  app.scs.registerAuditEvent({ type: 'x', level: 'loud', messageTemplate: '' })
})
