import { type DefinedError, defineError, ServiceError } from '@fastify-scs/core'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { describe, expect, it } from 'vitest'
import { documentOf, type Made, OPENAPI_3, OPENAPI_3_1, SWAGGER_2 } from './documented-app.js'

const soldOut = defineError({
  code: 409,
  id: 'orders-sold-out',
  message: 'Sold out',
  details: Type.Object({ left: Type.Integer({ minimum: 0 }) }),
})
const closed = defineError({ code: 409, id: 'orders-closed', message: 'The shop is closed' })
class NotPaid extends ServiceError {
  static override readonly code = 'NOT_PAID'
  static override readonly status = 402
}
const BODY = { type: 'object', properties: { quantity: { type: 'integer' } } } as const

function declareOrders(app: FastifyInstance): void {
  app.scs.registerError(soldOut)
  app.scs.registerError(closed)
  app.post('/orders', { throws: [soldOut, closed, NotPaid] }, () => ({ ok: true }))
}

const statusesOf = (operation: Made): string[] => Object.keys(operation.responses)
const JSON_TYPE = 'application/json'
const PROBLEM_TYPE = 'application/problem+json'

describe.each([
  ['OpenAPI 3.0', OPENAPI_3],
  ['OpenAPI 3.1', OPENAPI_3_1],
])('%s', (_name, ofSwagger) => {
  it('has the errors of one status as a union by id, with an example for each', async () => {
    const { paths, components } = await documentOf(declareOrders, {}, ofSwagger)
    const conflict = paths['/orders'].post.responses[409]
    expect(conflict.description).toBe(
      '- `orders-sold-out`: Sold out\n- `orders-closed`: The shop is closed',
    )
    expect(conflict.content[JSON_TYPE]).toEqual({
      schema: {
        oneOf: [
          { $ref: '#/components/schemas/OrdersSoldOutError' },
          { $ref: '#/components/schemas/OrdersClosedError' },
        ],
      },
      examples: {
        'orders-sold-out': {
          summary: 'Sold out',
          value: {
            error: { id: 'orders-sold-out', message: 'Sold out', details: { left: 0 } },
          },
        },
        'orders-closed': {
          summary: 'The shop is closed',
          value: { error: { id: 'orders-closed', message: 'The shop is closed' } },
        },
      },
    })
    expect(components.schemas.OrdersSoldOutError.properties.error).toMatchObject({
      required: ['id', 'message', 'details'],
      properties: {
        id: { type: 'string', enum: ['orders-sold-out'] },
        details: { type: 'object', required: ['left'], properties: { left: { minimum: 0 } } },
      },
    })
  })

  it('offers problem details to clients that accept nothing else', async () => {
    const { paths, components } = await documentOf(declareOrders, {}, ofSwagger)
    const { content } = paths['/orders'].post.responses[402]
    expect(content[PROBLEM_TYPE]).toEqual({ schema: { $ref: '#/components/schemas/Problem' } })
    expect(components.schemas.Problem.required).toContain('instance')
  })
})

it('Swagger 2, which has no union, has the general body and one example', async () => {
  const { paths, definitions } = await documentOf(declareOrders, {}, SWAGGER_2)
  const { responses } = paths['/orders'].post
  expect(responses[409].schema).toEqual({ $ref: '#/definitions/ScsError' })
  expect(Object.keys(responses[409].examples)).toEqual([JSON_TYPE])
  expect(responses[402].schema).toEqual({ $ref: '#/definitions/NotPaidError' })
  expect(definitions.NotPaidError.properties.error.properties.id.enum).toEqual(['not-paid'])
  expect(responses[500]).toEqual({ $ref: '#/responses/InternalServerError' })
})

it('has problem details, and no other type, where these are the format', async () => {
  const { paths, components } = await documentOf(declareOrders, { errorFormat: 'problem' })
  const { content } = paths['/orders'].post.responses[409]
  expect(Object.keys(content)).toEqual([PROBLEM_TYPE])
  expect(content[PROBLEM_TYPE].examples['orders-sold-out'].value).toEqual({
    type: 'urn:problem-type:orders-sold-out',
    title: 'Conflict',
    status: 409,
    detail: 'Sold out',
    instance: '/orders',
    id: 'orders-sold-out',
    details: { left: 0 },
  })
  expect(components.schemas.OrdersClosedError.properties.status.enum).toEqual([409])
})

it('has the codes of the pymacaron format', async () => {
  const { paths, components } = await documentOf(
    (app) => {
      declareOrders(app)
      app.put('/orders', { schema: { body: BODY } }, () => 'ok')
    },
    { errorFormat: 'pymacaron' },
  )
  expect(Object.keys(paths['/orders'].post.responses[409].content[JSON_TYPE].examples)).toEqual([
    'ORDERS_SOLD_OUT',
    'ORDERS_CLOSED',
  ])
  expect(components.schemas.NotPaidError.properties.error.enum).toEqual(['NOT_PAID'])
  const refused = components.responses.BadRequestValidation.content[JSON_TYPE]
  expect(Object.keys(refused.examples)).toEqual(['INVALID_PARAMETER', 'BAD_REQUEST'])
})

describe('what no route declares', () => {
  it('is a validation error where there is a schema to validate, and 413 and 415 where there is a body', async () => {
    const { paths, components } = await documentOf((app) => {
      app.post('/orders', { schema: { body: BODY } }, () => 'ok')
      app.get('/orders', { schema: { querystring: BODY } }, () => 'ok')
      app.get('/plain', () => 'ok')
      app.get('/attached', { attachValidation: true, schema: { querystring: BODY } }, () => 'ok')
    })
    const { post, get } = paths['/orders']
    expect(statusesOf(post)).toEqual(['200', '400', '404', '413', '415', '500'])
    expect(statusesOf(get)).toEqual(['200', '400', '404', '500'])
    expect(statusesOf(paths['/plain'].get)).toEqual(['200', '404', '500'])
    expect(statusesOf(paths['/attached'].get)).toEqual(['200', '404', '500'])
    expect(get.responses[400]).toEqual({ $ref: '#/components/responses/BadRequestValidation' })
    const { schema, examples } = components.responses.BadRequestValidation.content[JSON_TYPE]
    expect(schema).toEqual({ $ref: '#/components/schemas/BadRequestError' })
    expect(examples['bad-request'].value.error.details).toEqual([
      { path: 'body/quantity', message: 'must be integer' },
    ])
  })

  it('is a 404, unless the route declares which', async () => {
    const { paths } = await documentOf((app) => {
      app.scs.registerError({ code: 404, id: 'no-such-order', message: 'There is no such order' })
      app.get('/orders/:id', { throws: ['no-such-order'] }, () => 'ok')
      app.get('/users/:id', () => 'ok')
    })
    const { responses } = paths['/orders/{id}'].get
    expect(Object.keys(responses[404].content[JSON_TYPE].examples)).toEqual(['no-such-order'])
    expect(paths['/users/{id}'].get.responses[404]).toEqual({
      $ref: '#/components/responses/NotFound',
    })
  })

  it('is a 500 with each registered exception', async () => {
    const { components } = await documentOf((app) => {
      app.scs.registerException({ exceptionClass: RangeError, id: 'out-of-range', message: 'Oops' })
      app.get('/', () => 'ok')
    })
    expect(
      Object.keys(components.responses.InternalServerError.content[JSON_TYPE].examples),
    ).toEqual(['internal-server-error', 'out-of-range'])
  })

  it('is not told of a context that answers its errors itself, but what its routes declare is', async () => {
    const { paths } = await documentOf((app) => {
      app.scs.registerError(closed)
      app.setErrorHandler((_error, _request, reply) => reply.send('own'))
      app.get('/own', () => 'ok')
      app.get('/declared', { throws: [closed] }, () => 'ok')
    })
    expect(statusesOf(paths['/own'].get)).toEqual(['200'])
    expect(statusesOf(paths['/declared'].get)).toEqual(['200', '409'])
  })
})

describe('what the application has written', () => {
  const own = { type: 'object', properties: { mine: { type: 'string' } } } as const

  it('stays as it is, and covers what it says', async () => {
    const { paths } = await documentOf((app) => {
      app.scs.registerError(closed)
      const throws = [closed, NotPaid]
      app.get('/409', { throws, schema: { response: { 409: own } } }, () => 'ok')
      app.get('/4xx', { throws, schema: { response: { '4xx': own } } }, () => 'ok')
      app.get('/default', { throws, schema: { response: { default: own } } }, () => 'ok')
    })
    expect(statusesOf(paths['/409'].get)).toEqual(['402', '404', '409', '500'])
    expect(Object.keys(paths['/409'].get.responses[409].content)).toEqual([JSON_TYPE])
    expect(statusesOf(paths['/4xx'].get)).toEqual(['500', '4XX'])
    expect(statusesOf(paths['/default'].get)).toEqual(['default'])
  })

  it('is never changed: a schema may belong to several routes', async () => {
    const shared = { tags: ['orders'], body: BODY }
    const before = JSON.stringify(shared)
    const { paths } = await documentOf((app) => {
      app.scs.registerError(closed)
      app.post('/one', { throws: [closed], schema: shared }, () => 'ok')
      app.post('/other', { schema: shared }, () => 'ok')
    })
    expect(JSON.stringify(shared)).toBe(before)
    expect(statusesOf(paths['/one'].post)).toContain('409')
    expect(statusesOf(paths['/other'].post)).not.toContain('409')
  })

  it('keeps its component where ours would have the same name', async () => {
    const ofSwagger = {
      openapi: { components: { schemas: { OrdersClosedError: { type: 'string' as const } } } },
    }
    const { paths, components } = await documentOf(declareOrders, {}, ofSwagger)
    expect(components.schemas.OrdersClosedError).toEqual({ type: 'string' })
    expect(paths['/orders'].post.responses[409].content[JSON_TYPE].schema.oneOf[1]).toEqual({
      $ref: '#/components/schemas/OrdersClosedError_2',
    })
  })
})

describe('bodies that core cannot know', () => {
  const errorSchema = { type: 'object', properties: { oops: { type: 'string' } } }

  it('have the schema that the application gives', async () => {
    const { paths, components } = await documentOf(declareOrders, {
      errorFormat: (error) => ({ oops: error.id }),
      errorSchema,
    })
    const { content } = paths['/orders'].post.responses[409]
    expect(content[JSON_TYPE]).toEqual({ schema: { $ref: '#/components/schemas/ErrorBody' } })
    expect(components.schemas.ErrorBody).toEqual(errorSchema)
    expect(content[PROBLEM_TYPE]).toBeDefined()
  })

  it('have no schema where the application gives none', async () => {
    const { paths } = await documentOf(declareOrders, { errorDecorator: (body) => body })
    expect(paths['/orders'].post.responses[409]).toEqual({
      description: '- `orders-sold-out`: Sold out\n- `orders-closed`: The shop is closed',
    })
  })
})

it('an id that is registered for several codes is in the answers of each', async () => {
  const { paths } = await documentOf((app) => {
    app.scs.registerError({ code: 409, id: 'twice', message: 'At odds' })
    app.scs.registerError({ code: 410, id: 'twice', message: 'Gone for good' })
    app.get('/', { throws: ['twice'] }, () => 'ok')
  })
  expect(statusesOf(paths['/'].get)).toEqual(['200', '404', '409', '410', '500'])
})

it('ids of any characters make names that a document may have', async () => {
  const { paths } = await documentOf((app) => {
    app.scs.registerError({ code: 409, id: 'a/b c~d', message: 'x' })
    app.scs.registerError({ code: 409, id: 'a/b-c~d', message: 'y' })
    app.scs.registerError({ code: 409, id: '日本', message: 'z' })
    app.get('/', { throws: ['a/b c~d', 'a/b-c~d', '日本'] }, () => 'ok')
  })
  const { schema, examples } = paths['/'].get.responses[409].content[JSON_TYPE]
  expect(schema.oneOf).toHaveLength(3)
  expect(Object.keys(examples)).toEqual(['a/b c~d', 'a/b-c~d', '日本'])
})

describe('details', () => {
  const detailsIn = async (details: ReturnType<typeof Type.Object>, ofSwagger = OPENAPI_3) => {
    const { components } = await documentOf(
      (app) => {
        app.addSchema({ $id: 'money', type: 'object', properties: { cents: { type: 'integer' } } })
        const error = app.scs.registerError({ code: 409, id: 'detailed', message: 'x', details })
        app.get('/', { throws: [error] }, () => 'ok')
      },
      {},
      ofSwagger,
    )
    return components
  }
  const fieldsOf = (components: Made): Made =>
    components.schemas.DetailedError.properties.error.properties.details.properties

  it('are written in the words of the document', async () => {
    const details = Type.Object({
      kind: Type.Literal('a'),
      maybe: Type.Union([Type.String(), Type.Null()]),
      by: Type.Record(Type.String(), Type.Number()),
      more: Type.Number({ exclusiveMinimum: 1 }),
      const: Type.Optional(Type.String()),
    })
    expect(fieldsOf(await detailsIn(details))).toMatchObject({
      kind: { enum: ['a'] },
      by: { additionalProperties: { type: 'number' } },
      more: { minimum: 1, exclusiveMinimum: true },
      const: { type: 'string' },
    })
    expect(fieldsOf(await detailsIn(details, OPENAPI_3_1)).kind).toMatchObject({ const: 'a' })
  })

  it('that are a tuple, or have words that no old document has, make a valid document', async () => {
    const details = Type.Object({
      pair: Type.Tuple([Type.String(), Type.Integer()]),
      odd: Type.Unsafe({ type: 'string', if: {}, $comment: 'x', 'x-own': 1 }),
      items: Type.Unsafe({ type: 'array' }),
    })
    expect(fieldsOf(await detailsIn(details))).toMatchObject({
      pair: { items: { anyOf: [{ type: 'string' }, { type: 'integer' }] }, maxItems: 2 },
      odd: { type: 'string', 'x-own': 1 },
      items: { items: {} },
    })
    expect(fieldsOf(await detailsIn(details, OPENAPI_3_1)).pair).toMatchObject({
      prefixItems: [{ type: 'string' }, { type: 'integer' }],
      items: false,
    })
  })

  it('of the same $id as another schema are not taken for it', async () => {
    const { components } = await documentOf((app) => {
      app.addSchema({ $id: 'Order', type: 'object', properties: { name: { type: 'string' } } })
      const named = (details: ReturnType<typeof Type.Object>, code: number): DefinedError =>
        app.scs.registerError({ code, id: `e${code}`, message: 'x', details })
      const throws = [
        named(Type.Object({ left: Type.Integer() }, { $id: 'Order' }), 409),
        named(Type.Object({ right: Type.Integer() }, { $id: 'Order' }), 410),
        named(Type.Object({ left: Type.Integer() }, { $id: 'Order' }), 411),
        named(Type.Object({ name: Type.Optional(Type.String()) }, { $id: 'Order' }), 412),
      ]
      const response = { 200: { $ref: 'Order#' } }
      app.get('/', { throws, schema: { response } }, () => 'ok')
    })
    const fieldsOfError = (code: number): string[] => {
      const { $ref } = components.schemas[`E${code}Error`].properties.error.properties.details
      return Object.keys(components.schemas[$ref.split('/').at(-1)].properties)
    }
    expect([409, 410, 411, 412].map(fieldsOfError)).toEqual([
      ['left'],
      ['right'],
      ['left'],
      ['name'],
    ])
  })

  it('may refer to themselves and to schemas of the application', async () => {
    const Node = Type.Recursive((Self) => Type.Object({ next: Type.Array(Self) }), { $id: 'Node' })
    const details = Type.Object({
      tree: Node,
      price: Type.Unsafe({ $ref: 'money#' }),
      lost: Type.Unsafe({ $ref: 'nobody#' }),
    })
    const components = await detailsIn(details)
    const { tree, price, lost } = fieldsOf(components)
    expect(tree).toEqual({ $ref: '#/components/schemas/Node' })
    expect(components.schemas.Node.properties.next.items).toEqual({
      $ref: '#/components/schemas/Node',
    })
    expect(price.$ref).toMatch(/^#\/components\/schemas\/def-\d+$/)
    expect(lost).toEqual({})
  })
})
