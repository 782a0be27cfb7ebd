import { defineError, type ErrorFormatName, type RouteError, ServiceError } from '@fastify-scs/core'
import { type TSchema, Type } from '@sinclair/typebox'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { documentOf, OPENAPI_3, OPENAPI_3_1, SWAGGER_2 } from './documented-app.js'

const RUNS = 12

class NotPaid extends ServiceError {
  static override readonly code = 'ORDER_NOT_PAID'
  static override readonly status = 402
}

const leaf = fc.constantFrom<() => TSchema>(
  () => Type.String({ pattern: '^a', examples: ['a'] }),
  () => Type.Integer({ exclusiveMinimum: 0, exclusiveMaximum: 9 }),
  () => Type.Literal('on'),
  () => Type.Null(),
  () => Type.Unknown(),
  () => Type.Never(),
  () => Type.Unsafe({ type: ['string', 'null'], $comment: 'x', if: {}, contentEncoding: 'base64' }),
  () => Type.TemplateLiteral([Type.Literal('a-'), Type.String()]),
  () => Type.Recursive((Self) => Type.Object({ next: Type.Array(Self) }), { $id: 'Node' }),
  () => Type.Object({ left: Type.Integer() }, { $id: 'Order' }),
  () => Type.Object({ right: Type.Integer() }, { $id: 'Order' }),
)
const { schema } = fc.letrec<{ schema: () => TSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    leaf,
    tie('schema').map((each) => () => Type.Array(each(), { default: [] })),
    tie('schema').map((each) => () => Type.Record(Type.String(), each())),
    fc.tuple(tie('schema'), tie('schema')).map(
      ([one, other]) =>
        () =>
          Type.Union([one(), other()]),
    ),
    fc.tuple(tie('schema'), tie('schema')).map(
      ([one, other]) =>
        () =>
          Type.Tuple([one(), other()]),
    ),
    fc
      .dictionary(fc.constantFrom('a', 'const', 'items', 'type', 'x-a', '__proto__'), tie('schema'))
      .map(
        (fields) => () =>
          Type.Object(Object.fromEntries(Object.entries(fields).map(([k, make]) => [k, make()]))),
      ),
  ),
}))
const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((each) => each.trim() !== '')
const error = fc.record({
  code: fc.constantFrom(400, 401, 404, 409, 422, 500, 503, 599),
  id: text,
  message: text.map((each) => each.replace(/[{}]/g, '')).map((each) => `${each} {left} is left`),
  details: fc.option(schema, { nil: undefined }),
})

it.each([
  ['OpenAPI 3.0', OPENAPI_3],
  ['OpenAPI 3.1', OPENAPI_3_1],
  ['Swagger 2', SWAGGER_2],
] as const)('whatever an app declares, its document is valid %s', async (_name, ofSwagger) => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(error, { maxLength: 5, selector: ({ code, id }) => `${code} ${id}` }),
      fc.constantFrom<ErrorFormatName>('scs', 'pymacaron', 'problem'),
      fc.constantFrom('/', '/orders/:id', '/files/*', '/a::b', '/:from-:to(^\\d+$)'),
      fc.constantFrom('GET', 'POST', 'DELETE'),
      fc.subarray(['4xx', 'default', '409', '204']),
      async (errors, errorFormat, url, method, written) => {
        const document = await documentOf(
          (app) => {
            const order = { type: 'object', properties: { name: { type: 'string' } } }
            app.addSchema({ $id: 'Order', ...order })
            const known = errors.map(({ details, ...rest }) =>
              app.scs.registerError(
                defineError(details === undefined ? rest : { ...rest, details: details() }),
              ),
            )
            const response = Object.fromEntries(
              written.map((each) => [each, { type: 'null', description: each }]),
            )
            const own = { querystring: { type: 'object', properties: {} }, response }
            const throws: RouteError[] = [...known, NotPaid, 'unauthorized']
            app.route({ method, url, throws, schema: own, handler: () => 'ok' })
          },
          { errorFormat },
          ofSwagger,
        )
        const [item] = Object.values<object>(document.paths)
        expect(Object.keys(item ?? {})).toEqual([method.toLowerCase()])
      },
    ),
    { numRuns: RUNS },
  )
})
