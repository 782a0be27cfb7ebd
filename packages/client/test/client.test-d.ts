import {
  createScsClient,
  type ErrorOfBody,
  type ErrorsOf,
  type ErrorsOfPaths,
  isScsError,
  readScsError,
  readScsResponse,
  type ScsError,
} from '@fastify-scs/client'
import { defineError } from '@fastify-scs/core'
import { Type } from '@sinclair/typebox'
import { expectTypeOf, it } from 'vitest'
import type * as errors from './orders-service.js'

type OrderErrors = ErrorsOf<typeof errors>

it('the errors of a service are read from its definitions, by their ids', () => {
  expectTypeOf<keyof OrderErrors>().toEqualTypeOf<
    'orders-sold-out' | 'orders-closed' | 'order-not-paid'
  >()
  expectTypeOf<OrderErrors['orders-sold-out']>().toEqualTypeOf<{ left: number }>()
  expectTypeOf<OrderErrors['orders-closed']>().toBeUnknown()
  const late = defineError({
    code: 409,
    id: 'late',
    message: 'Late',
    details: Type.Optional(Type.Object({ by: Type.Integer() })),
  })
  expectTypeOf<ErrorsOf<readonly [typeof late]>>().toEqualTypeOf<{
    readonly late: { by: number } | undefined
  }>()
  expectTypeOf<ErrorsOf<readonly [typeof errors.soldOut]>>().toEqualTypeOf<{
    readonly 'orders-sold-out': { left: number }
  }>()
})

it('isScsError narrows a read error to the details of its id', async () => {
  const orders = createScsClient<OrderErrors>()
  const error = await orders.readScsResponse(new Response())
  expectTypeOf(error).toEqualTypeOf<ScsError | undefined>()
  if (orders.isScsError(error, 'orders-sold-out')) {
    expectTypeOf(error.details.left).toBeNumber()
    expectTypeOf(error.id).toEqualTypeOf<'orders-sold-out'>()
    // @ts-expect-error no such field
    void error.details.right
  } else if (orders.isScsError(error, 'orders-closed')) {
    expectTypeOf(error.details).toBeUnknown()
  } else expectTypeOf(error).toEqualTypeOf<ScsError | undefined>()
  // @ts-expect-error misspelt
  orders.isScsError(error, 'orders-soldout')
})

it('isScsError narrows a body of which nothing is known, in each format', () => {
  const orders = createScsClient<OrderErrors>()
  const body: unknown = JSON.parse('{}')
  if (!orders.isScsError(body, 'orders-sold-out')) return
  const error = orders.readScsError(body)
  expectTypeOf(error).toExtend<ScsError<'orders-sold-out', { left: number }> | undefined>()
  expectTypeOf(error?.details.left).toEqualTypeOf<number | undefined>()
  if (typeof body.error === 'object') expectTypeOf(body.error.details.left).toBeNumber()
})

it('without any known error each id may be asked for', () => {
  const body: unknown = JSON.parse('{}')
  if (isScsError(body, 'any-id')) expectTypeOf(readScsError(body)?.details).toBeUnknown()
  const any = createScsClient()
  expectTypeOf(any.isScsError({}, 'any-id')).toBeBoolean()
  expectTypeOf(readScsResponse).returns.resolves.toEqualTypeOf<ScsError | undefined>()
})

type SoldOut = { error: { id: 'orders-sold-out'; message: string; details: { left: number } } }
type Closed = { error: { id: 'orders-closed'; message: string; details?: unknown } }

it('isScsError narrows a union of bodies, as openapi-typescript describes them', () => {
  const body = JSON.parse('{}') as SoldOut | Closed
  if (isScsError(body, 'orders-sold-out')) {
    expectTypeOf(body.error.details.left).toBeNumber()
  } else expectTypeOf(body).toEqualTypeOf<Closed>()
  const error = readScsError(body)
  if (error?.id === 'orders-sold-out') expectTypeOf(error.details.left).toBeNumber()
})

it('each format of a described body is read', () => {
  type Details = { left: number }
  type Wanted = ScsError<'sold-out', Details>
  expectTypeOf<
    ErrorOfBody<{ error: 'SOLD_OUT'; status: 409; error_details: Details }>
  >().toEqualTypeOf<Wanted>()
  expectTypeOf<
    ErrorOfBody<{ type: string; status: 409; id: 'sold-out'; details: Details }>
  >().toEqualTypeOf<Wanted>()
  expectTypeOf<ErrorOfBody<unknown>>().toEqualTypeOf<ScsError>()
  expectTypeOf<ErrorOfBody<{ name: string }>>().toEqualTypeOf<ScsError>()
})

interface Paths {
  '/orders': {
    get?: never
    parameters: { query?: never }
    post: {
      responses: {
        200: { content: { 'application/json': { id: string } } }
        409: { headers: object; content: { 'application/json': SoldOut | Closed } }
        500: { content: { 'application/json': { error: { id: string; message: string } } } }
      }
    }
  }
}

it('the errors of a service are read from the types of its paths', () => {
  expectTypeOf<ErrorsOfPaths<Paths>>().toEqualTypeOf<{
    readonly 'orders-sold-out': { left: number }
    readonly 'orders-closed': unknown
  }>()
})
