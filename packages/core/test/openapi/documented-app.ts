import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import scsPlugin, { type ScsOptions } from '@fastify-scs/core'
import { Validator } from '@seriousme/openapi-schema-validator'
import Fastify, { type FastifyInstance } from 'fastify'
import { expect } from 'vitest'

/** A made document, read loosely: tests say what they expect of it. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads deep into a document, and a wrong step fails it.
export type Made = any

export const OPENAPI_3: FastifyDynamicSwaggerOptions = {
  openapi: { openapi: '3.0.3', info: { title: 'orders', version: '1.0.0' } },
}
export const OPENAPI_3_1: FastifyDynamicSwaggerOptions = {
  openapi: { openapi: '3.1.0', info: { title: 'orders', version: '1.0.0' } },
}
export const SWAGGER_2: FastifyDynamicSwaggerOptions = {
  swagger: { info: { title: 'orders', version: '1.0.0' } },
}

/** Builds an app with core and @fastify/swagger, makes its document and has it checked. */
export async function documentOf(
  declare: (app: FastifyInstance) => unknown,
  options: ScsOptions = {},
  ofSwagger: FastifyDynamicSwaggerOptions = OPENAPI_3,
): Promise<Made> {
  const app = Fastify()
  await app.register(scsPlugin, { audit: false, ...options })
  await app.register(swagger, ofSwagger)
  app.register(async (child) => void (await declare(child)))
  await app.ready()
  const document = app.swagger()
  await app.close()
  await checkDocument(document)
  return document
}

// One for all: it compiles the schemas of OpenAPI once.
const validator = new Validator()

/** Fails where a validator finds something wrong with a document. */
export async function checkDocument(document: unknown): Promise<void> {
  const plain = JSON.parse(JSON.stringify(document)) as Record<string, unknown>
  const result = await validator.validate(plain)
  expect(result.errors ?? []).toEqual([])
  expect(result.valid).toBe(true)
  for (const reference of referencesIn(plain)) expect(valueAt(plain, reference)).toBeDefined()
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const { $ref } = value as { readonly $ref?: unknown }
  const own = typeof $ref === 'string' ? [$ref] : []
  return [...own, ...Object.values(value).flatMap(referencesIn)]
}

function valueAt(document: unknown, reference: string): unknown {
  const keys = reference.replace('#/', '').split('/')
  return keys.reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document)
}
