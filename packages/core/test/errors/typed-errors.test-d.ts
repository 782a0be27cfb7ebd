import {
  abort,
  type DefinedError,
  defineError,
  type ErrorDefinition,
  type RegistryError,
  ServiceError,
} from '@fastify-scs/core'
import { Type } from '@sinclair/typebox'
import Fastify from 'fastify'
import { expectTypeOf, it } from 'vitest'

const app = Fastify()
const details = Type.Object({ left: Type.Integer(), note: Type.Optional(Type.String()) })

it('the details of a factory are those of its schema', () => {
  const soldOut = app.scs.registerError({ code: 409, id: 'sold-out', message: 'Sold out', details })
  expectTypeOf(soldOut({ details: { left: 2 } })).toEqualTypeOf<
    RegistryError<{ left: number; note?: string }>
  >()
  expectTypeOf(soldOut.id).toEqualTypeOf<'sold-out'>()
  expectTypeOf(soldOut.message).toEqualTypeOf<'Sold out'>()
  soldOut({ details: { left: 2, note: 'x' }, cause: new Error('x') })
  // @ts-expect-error a field has another type
  soldOut({ details: { left: '2' } })
  // @ts-expect-error a field is missing
  soldOut({ details: {} })
  // @ts-expect-error one field too many
  soldOut({ details: { left: 2, right: 2 } })
  // @ts-expect-error the details are missing
  soldOut({ cause: 1 })
  // @ts-expect-error the details are missing
  soldOut()
  // @ts-expect-error the message has no fields
  soldOut({ details: { left: 2 }, params: { left: 2 } })
})

it('details of Type.Optional may be left out', () => {
  const soldOut = app.scs.registerError({
    code: 409,
    id: 'sold-out',
    message: 'Only {left} are left',
    details: Type.Optional(details),
  })
  soldOut({ details: { left: 2 }, params: { left: 2 } })
  expectTypeOf(soldOut({ params: { left: 2 } }).details).toEqualTypeOf<
    { left: number; note?: string } | undefined
  >()
  // @ts-expect-error where the details are left out, so is what the message takes from them
  soldOut()
  // @ts-expect-error a field has another type
  soldOut({ details: { left: '2' }, params: { left: 2 } })
})

it('the params are the fields of the message', () => {
  const soldOut = defineError({ code: 409, id: 'x', message: '{left} of {name}, not {{this}}' })
  soldOut({ params: { left: 2, name: 'tea' } })
  soldOut({ params: { left: 2, name: 'tea' }, details: 'anything' })
  // @ts-expect-error a field is missing
  soldOut({ params: { left: 2 } })
  // @ts-expect-error a field is misspelt
  soldOut({ params: { left: 2, nam: 'tea' } })
  // @ts-expect-error a value may not be undefined
  soldOut({ params: { left: 2, name: undefined } })
  // @ts-expect-error the params are missing
  soldOut({})
  // @ts-expect-error the params are missing
  soldOut()
})

it('the params are asked only for what the details do not always have', () => {
  const message = '{left} of {name}{note}'
  const soldOut = defineError({ code: 409, id: 'x', message, details })
  soldOut({ details: { left: 2 }, params: { name: 'tea', note: '' } })
  soldOut({ details: { left: 2 }, params: { name: 'tea', note: '', left: 'two' } })
  // @ts-expect-error the details may be without a note
  soldOut({ details: { left: 2 }, params: { name: 'tea' } })
  // @ts-expect-error the params are missing
  soldOut({ details: { left: 2, note: 'x' } })
  const onlyLeft = defineError({ code: 409, id: 'x', message: 'Only {left} are left', details })
  onlyLeft({ details: { left: 2 } })
  onlyLeft({ details: { left: 2 }, params: { left: 'two' } })
  // @ts-expect-error no such field in the message
  onlyLeft({ details: { left: 2 }, params: { right: 'two' } })
})

it('an error without a schema takes any details, and one whose message is no literal any params', () => {
  const closed = defineError({ code: 409, id: 'closed', message: 'Closed' })
  closed()
  closed({ details: { any: 1 } })
  expectTypeOf(closed()).toEqualTypeOf<RegistryError>()
  // @ts-expect-error misspelt
  closed({ detials: 1 })
  const definition: ErrorDefinition = { code: 409, id: 'x', message: 'x' }
  const wide = app.scs.registerError(definition)
  expectTypeOf(wide).toEqualTypeOf<DefinedError>()
  wide()
  wide({ details: 1, params: { any: 1 } })
})

it('a union, a list or a text may be the details', () => {
  const either = Type.Union([
    Type.Object({ kind: Type.Literal('a'), a: Type.Number() }),
    Type.Object({ kind: Type.Literal('b'), b: Type.Number() }),
  ])
  const failed = defineError({ code: 409, id: 'x', message: '{kind} {a}', details: either })
  failed({ details: { kind: 'b', b: 1 }, params: { a: 1 } })
  // @ts-expect-error not each of the details has this field
  failed({ details: { kind: 'a', a: 1 } })
  const listed = defineError({
    code: 409,
    id: 'x',
    message: 'x',
    details: Type.Array(Type.String()),
  })
  listed({ details: ['a'] })
  // @ts-expect-error a text is no list
  listed({ details: 'a' })
})

it('a definition has no field too many, and its details are a schema', () => {
  // @ts-expect-error misspelt
  app.scs.registerError({ code: 409, id: 'x', message: 'x', isDefualt: true })
  // @ts-expect-error no schema
  app.scs.registerError({ code: 409, id: 'x', message: 'x', details: { left: 1 } })
})

it('errors of all kinds stand in one list, and what is registered keeps its type', () => {
  const soldOut = defineError({ code: 409, id: 'sold-out', message: '{left}', details })
  const closed = defineError({ code: 409, id: 'closed', message: 'Closed {why}' })
  const all: readonly DefinedError[] = [soldOut, closed]
  expectTypeOf(app.scs.registerError(soldOut)).toEqualTypeOf(soldOut)
  for (const each of all) expectTypeOf(app.scs.registerError(each)).toEqualTypeOf<DefinedError>()
  class NotPaid extends ServiceError {
    static override readonly code = 'NOT_PAID'
    static override readonly status = 402
  }
  app.get('/', { throws: [soldOut, closed, NotPaid, 'an-id'] }, () => 'ok')
  // @ts-expect-error a class of other errors
  app.get('/', { throws: [TypeError] }, () => 'ok')
  // @ts-expect-error a thrown error, and not its factory
  app.get('/', { throws: [closed({ params: { why: 'x' } })] }, () => 'ok')
  // @ts-expect-error no error of ours
  app.get('/', { throws: [() => new Error('x')] }, () => 'ok')
})

it('abort takes params for the fields of a message', () => {
  const stop = (): never => abort(409, { id: 'sold-out', params: { left: 2 } })
  expectTypeOf(stop).returns.toBeNever()
})

it('a definition within the call that registers it makes a factory that needs no options', () => {
  const { scs } = Fastify()
  const inline = scs.registerError(
    defineError({ code: 409, id: 'orders-inline', message: 'Inline' }),
  )
  expectTypeOf(inline).toBeCallableWith()
})
