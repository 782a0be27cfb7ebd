import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import scsPlugin, { defineError } from '@fastify-scs/core'
import Fastify, { type FastifyInstance } from 'fastify'
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { RouteMarks, toYaml } from '../../src/openapi/compat-swagger.js'
import { checkDocument, documentOf, type Made, OPENAPI_3, OPENAPI_3_1 } from './documented-app.js'

const closed = defineError({ code: 409, id: 'orders-closed', message: 'The shop is closed' })
const core = (app: FastifyInstance): unknown => app.register(scsPlugin, { audit: false })
const docs = (app: FastifyInstance): unknown => app.register(swagger, OPENAPI_3)
const declare = (app: FastifyInstance): void => {
  app.scs.registerError(closed)
  app.get('/orders', { throws: [closed], schema: { tags: ['orders'] } }, () => 'ok')
  app.post('/orders', { throws: [closed] }, () => 'ok')
}
const routes = (app: FastifyInstance): unknown =>
  app.register(async (child) => declare(child), { prefix: '/v1' })

async function readyWith(
  ...steps: ((app: FastifyInstance) => unknown)[]
): Promise<FastifyInstance> {
  const app = Fastify()
  for (const step of steps) step(app)
  await app.ready()
  return app
}

function expectErrors(document: Made, path = '/v1/orders'): void {
  expect(Object.keys(document.paths[path].get.responses)).toEqual(['200', '404', '409', '500'])
  expect(Object.keys(document.paths[path].post.responses)).toEqual([
    '200',
    '404',
    '409',
    '413',
    '415',
    '500',
  ])
}

describe('the order of registration', () => {
  it.each([
    ['core, swagger, routes', [core, docs, routes]],
    ['swagger, core, routes', [docs, core, routes]],
  ])('%s', async (_name, steps) => {
    const app = await readyWith(...steps)
    const document: Made = app.swagger()
    await checkDocument(document)
    expectErrors(document)
  })

  it('does not matter within an encapsulated context', async () => {
    let inner: FastifyInstance | undefined
    const app = await readyWith(core, (root) =>
      root.register(async (child) => {
        inner = child
        await child.register(swagger, OPENAPI_3)
        routes(child)
      }),
    )
    expect(app.hasDecorator('swagger')).toBe(false)
    expectErrors(inner?.swagger())
  })

  it('may be core within a context, and swagger outside of it', async () => {
    const app = await readyWith(docs, (root) =>
      root.register(async (child) => {
        await core(child)
        routes(child)
      }),
    )
    expectErrors(app.swagger())
  })

  it('may be two cores, each in a context of its own, under one swagger', async () => {
    const scope = (prefix: string, format: 'scs' | 'problem') => (root: FastifyInstance) =>
      root.register(
        async (child) => {
          await child.register(scsPlugin, { audit: false, errorFormat: format })
          declare(child)
        },
        { prefix },
      )
    const app = await readyWith(docs, scope('/a', 'scs'), scope('/b', 'problem'))
    const document: Made = app.swagger()
    await checkDocument(document)
    const typesOf = (path: string): string[] =>
      Object.keys(document.paths[path].get.responses[409].content)
    expect(typesOf('/a/orders')).toEqual(['application/json', 'application/problem+json'])
    expect(typesOf('/b/orders')).toEqual(['application/problem+json'])
    expect(JSON.stringify(document)).not.toContain('x-scs-')
  })
})

describe('a document', () => {
  it('is the same one each time, as YAML too', async () => {
    const app = await readyWith(core, docs, routes)
    const document = app.swagger()
    expect(app.swagger()).toBe(document)
    const text = app.swagger({ yaml: true })
    expect(text).toMatch(/^openapi: 3\.0\.3\n/)
    expect(parse(text)).toEqual(JSON.parse(JSON.stringify(document)))
    expect(app.swagger({ yaml: true })).toBe(text)
  })

  it('under another name has the errors when core is told the name', async () => {
    const named = (app: FastifyInstance): unknown =>
      app.register(swagger, { ...OPENAPI_3, decorator: 'publicDocument' as 'swagger' })
    const openapi = { decorators: ['publicDocument'] }
    const app = await readyWith(
      (root) => root.register(scsPlugin, { audit: false, openapi }),
      named,
      docs,
      routes,
    )
    const { publicDocument } = app as unknown as { publicDocument: () => unknown }
    expectErrors(publicDocument())
    const other: Made = app.swagger()
    expect(Object.keys(other.paths['/v1/orders'].get.responses)).toEqual(['200'])
    expect(JSON.stringify(other)).not.toContain('x-scs-')
  })

  it('has the errors also where a hook has asked for it before core was ready', async () => {
    let early: Made
    const app = await readyWith(
      docs,
      (root) =>
        root.after(() => {
          root.addHook('onReady', async () => {
            early = root.swagger()
          })
        }),
      core,
      routes,
    )
    expect(Object.keys(early.paths['/v1/orders'].get.responses)).toEqual(['200'])
    expectErrors(app.swagger())
  })

  it('has an error that was registered after the app was ready', async () => {
    const app = await readyWith(core, docs, (root) =>
      root.register(async (child) => void child.get('/', () => 'ok')),
    )
    const late = { exceptionClass: RangeError, id: 'late', message: 'Oops' }
    app.scs.registerException(late)
    const { components }: Made = app.swagger()
    const { content } = components.responses.InternalServerError
    expect(Object.keys(content['application/json'].examples)).toContain('late')
  })

  it('has no errors with openapi: false', async () => {
    const { paths } = await documentOf(declare, { openapi: false })
    expect(Object.keys(paths['/orders'].get.responses)).toEqual(['200'])
  })

  it('that was written by hand stays as it is', async () => {
    const document = { openapi: '3.0.3', info: { title: 'x', version: '1' }, paths: {} }
    const app = await readyWith(
      core,
      (root) => root.register(swagger, { mode: 'static', specification: { document } }),
      routes,
    )
    expect(app.swagger()).toMatchObject({ paths: {} })
  })
})

describe('a route', () => {
  const made = (
    add: (app: FastifyInstance) => unknown,
    ofSwagger: FastifyDynamicSwaggerOptions = OPENAPI_3,
  ): Promise<Made> =>
    documentOf(
      (app) => {
        app.scs.registerError(closed)
        return add(app)
      },
      {},
      ofSwagger,
    )

  it('that is hidden stays hidden', async () => {
    const { paths } = await made(
      (app) => {
        app.get('/hidden', { throws: [closed], schema: { hide: true } }, () => 'ok')
        app.get('/untagged', { throws: [closed] }, () => 'ok')
        app.get('/tagged', { throws: [closed], schema: { tags: ['x'] } }, () => 'ok')
      },
      { ...OPENAPI_3, hideUntagged: true },
    )
    expect(Object.keys(paths)).toEqual(['/tagged'])
  })

  it('for several methods has what each of them answers', async () => {
    const { paths } = await made((app) => {
      app.route({ method: ['GET', 'POST'], url: '/both', schema: {}, handler: () => 'ok' })
    })
    expect(Object.keys(paths['/both'].get.responses)).toEqual(['200', '404', '500'])
    expect(Object.keys(paths['/both'].post.responses)).toEqual(['200', '404', '413', '415', '500'])
  })

  it('below the base path of a server is found with and without a schema', async () => {
    const { paths } = await made(
      (app) => {
        app.get('/api/:id(^\\d+$)', { throws: [closed] }, () => 'ok')
        app.get('/api/with/*', { throws: [closed], schema: { tags: ['x'] } }, () => 'ok')
      },
      { openapi: { servers: [{ url: 'https://example.com/api' }] } },
    )
    expect(paths['/{id}'].get.responses[409]).toBeDefined()
    expect(paths['/with/{*}'].get.responses[409]).toBeDefined()
  })

  it('is found after a transform has given it another path and schema', async () => {
    const { paths } = await made(
      (app) => app.get('/a', { throws: [closed], schema: {} }, () => 'ok'),
      {
        ...OPENAPI_3,
        transform: ({ schema, url }) => ({
          schema: { ...schema, summary: 'x' },
          url: `/moved${url}`,
        }),
      },
    )
    expect(paths['/moved/a'].get).toMatchObject({ summary: 'x', responses: { 409: {} } })
  })

  it('without a schema is shown to a transform without one', async () => {
    const seen: unknown[] = []
    const { paths } = await made((app) => app.get('/a', { throws: [closed] }, () => 'ok'), {
      ...OPENAPI_3,
      transform: ({ schema, url }) => {
        seen.push(schema)
        return { schema: schema as object, url }
      },
    })
    expect(seen).toEqual([undefined])
    expect(paths['/a'].get.responses[409]).toBeDefined()
  })

  it('of HEAD, where these are shown, says nothing of bodies', async () => {
    const { paths } = await made((app) => app.get('/a', { throws: [closed] }, () => 'ok'), {
      ...OPENAPI_3,
      exposeHeadRoutes: true,
    })
    expect(Object.keys(paths['/a'].head.responses)).toEqual(['200'])
    expect(paths['/a'].get.responses[409]).toBeDefined()
  })
})

describe.each([
  ['OpenAPI 3.0', OPENAPI_3],
  ['OpenAPI 3.1', OPENAPI_3_1],
])('the schemas of Zod, %s', (_name, ofSwagger) => {
  it('are beside the errors of core', async () => {
    const { paths } = await documentOf(
      (app) => {
        app.setValidatorCompiler(validatorCompiler)
        app.setSerializerCompiler(serializerCompiler)
        app.scs.registerError(closed)
        const schema = {
          body: z.object({ quantity: z.int() }),
          response: { 200: z.object({ id: z.string() }), 410: z.object({ own: z.string() }) },
        }
        app.post('/orders/:id', { throws: [closed], schema }, () => ({ id: '1' }))
        app.get('/orders', { throws: [closed] }, () => 'ok')
      },
      {},
      {
        ...ofSwagger,
        transform: jsonSchemaTransform,
        transformObject: jsonSchemaTransformObject,
      } as FastifyDynamicSwaggerOptions,
    )
    const { responses } = paths['/orders/{id}'].post
    expect(Object.keys(responses)).toEqual(['200', '400', '404', '409', '410', '413', '415', '500'])
    expect(responses[410].content['application/json'].schema.properties.own.type).toBe('string')
    expect(Object.keys(responses[409].content['application/json'].examples)).toEqual([
      'orders-closed',
    ])
    expect(paths['/orders'].get.responses[409]).toBeDefined()
  })
})

describe('a mark', () => {
  it('is on the schema of a route only while the document is made, also where that fails', async () => {
    const app = Fastify()
    const schema = { tags: ['a'] }
    const route = {
      options: { method: 'GET', url: '/', schema, handler: () => 'ok' },
      context: app,
    }
    const marks = new RouteMarks()
    const make = (): unknown => {
      expect(Object.keys(route.options.schema)).toEqual(['tags', expect.stringMatching(/^x-scs-/)])
      const operation = { ...route.options.schema }
      expect(marks.indexOf(operation)).toBe(0)
      expect(marks.without(operation)).toEqual(schema)
      throw new Error('transform')
    }
    expect(() => marks.during([route], make)).toThrow('transform')
    expect(route.options.schema).toBe(schema)
    expect(marks.indexOf({})).toBeUndefined()
  })
})

it('the library that @fastify/swagger writes YAML with is found', () => {
  expect(toYaml({ openapi: '3.1.0' })).toBe('openapi: 3.1.0\n')
})
