import { createRequire } from 'node:module'
import type { FastifyInstance } from 'fastify'
import { describe, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'

interface AjvModule {
  new (): { compile(schema: object): (value: unknown) => Promise<unknown> }
  readonly ValidationError: new (errors: readonly object[]) => Error
}

// Ajv is Fastify's, and reached through it.
const ofFastify = createRequire(createRequire(import.meta.url).resolve('fastify'))
const ofCompiler = createRequire(ofFastify.resolve('@fastify/ajv-compiler'))
const { default: Ajv } = ofCompiler('ajv') as { default: AjvModule }

const wrong = [{ instancePath: '/stock', message: 'must be integer', keyword: 'type', params: {} }]
const schema = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string' } },
  additionalProperties: false,
}

const own: Record<string, (app: FastifyInstance) => void> = {
  "Ajv's ValidationError": (app) =>
    app.post('/', async () => {
      throw new Ajv.ValidationError(wrong)
    }),
  'an asynchronous schema of Ajv': (app) =>
    app.post('/', async () => {
      await new Ajv().compile({ $async: true, ...schema })({})
    }),
  'an error with the errors of a validation function': (app) =>
    app.post('/', async (request) => {
      const validate = request.compileValidationSchema(schema)
      validate({})
      throw Object.assign(new Error('the order is not valid'), { validation: validate.errors })
    }),
  'an error of zod': (app) =>
    app.post('/', async () => {
      throw Object.assign(new Error('x'), { name: 'ZodError', issues: [{ path: ['a'] }] })
    }),
  'the serialization of the answer': (app) =>
    app.post(
      '/',
      { schema: { response: { 200: { type: 'array', items: {} } } } },
      async () => ({}),
    ),
  'a required field that the answer lacks': (app) =>
    app.post('/', { schema: { response: { 200: schema } } }, async () => ({})),
}

describe.each(['pymacaron', 'scs', 'problem'] as const)('in the %s format', (errorFormat) => {
  it.each(Object.entries(own))('%s is our own failure', async (_name, add) => {
    const { app } = await buildApp({ errorFormat })
    add(app)
    const answer = await app.inject({ method: 'POST', url: '/' })
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toContain('stock')
    if (errorFormat === 'pymacaron')
      expect(answer.json()).toEqual({
        error: 'INTERNAL_VALIDATION_ERROR',
        error_description: 'An unexpected error occurred',
        status: 500,
      })
    else if (errorFormat === 'scs') expect(answer.json().error.id).toBe('internal-server-error')
    else expect(answer.json().id).toBe('internal-server-error')
  })
})

it("the request's own validation stays a 400, also when the handler throws what was attached", async () => {
  const { app } = await buildApp({ errorFormat: 'pymacaron' })
  app.post('/own', { schema: { body: schema } }, () => 'ok')
  app.post('/attached', { schema: { body: schema }, attachValidation: true }, async (request) => {
    throw request.validationError
  })
  for (const url of ['/own', '/attached']) {
    const answer = await app.inject({ method: 'POST', url, payload: {} })
    expect(answer.json()).toEqual({
      error: 'INVALID_PARAMETER',
      error_description: "body must have required property 'name'",
      status: 400,
      error_details: [{ path: 'body/name', message: "must have required property 'name'" }],
    })
  }
})

it('one that says of itself that the request is wrong is believed', async () => {
  const { app } = await buildApp({ errorFormat: 'pymacaron' })
  app.get('/', () => {
    throw Object.assign(new Error('x'), { statusCode: 422, validation: wrong })
  })
  expect((await app.inject('/')).json()).toMatchObject({ error: 'INVALID_PARAMETER', status: 422 })
})
