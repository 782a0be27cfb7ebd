import { abort, defineError, type ErrorDefinition } from '@fastify-scs/core'
import { type TSchema, Type } from '@sinclair/typebox'
import { expect, it } from 'vitest'
import { buildApp, failureLines } from '../build-app.js'

const left = (): TSchema => Type.Object({ left: Type.Integer() })
const soldOut = { code: 409, id: 'sold-out', message: 'Sold out' }

/** The mistakes that are logged about details that do not match, and whether they were sent all the same. */
async function mistakesOf(schema: TSchema, details: unknown): Promise<unknown[]> {
  const { app, log } = await buildApp()
  const make = app.scs.registerError({ ...soldOut, details: schema })
  app.get('/factory', () => {
    throw make(details === undefined ? {} : { details })
  })
  app.get('/abort', () => abort(409, { id: 'sold-out', details }))
  const sent = details === undefined ? undefined : JSON.parse(JSON.stringify(details))
  for (const url of ['/factory', '/abort']) {
    const answer = await app.inject(url)
    expect(answer.statusCode).toBe(409)
    expect(answer.json().error.details).toEqual(sent)
  }
  const mistakes = failureLines(log, 50).map(({ msg }) => msg)
  expect(mistakes.slice(mistakes.length / 2)).toEqual(mistakes.slice(0, mistakes.length / 2))
  return mistakes.slice(0, mistakes.length / 2)
}

it('details that match their schema are no mistake', async () => {
  expect(await mistakesOf(left(), { left: 2 })).toEqual([])
  expect(await mistakesOf(Type.Array(Type.String()), ['a'])).toEqual([])
})

it('details that do not match are logged with the path and without the value, and are sent', async () => {
  const [mistake, ...others] = await mistakesOf(left(), { left: 'secret' })
  expect(mistake).toMatch(/^the details of the error "sold-out" do not match its schema: \/left: /)
  expect(mistake).not.toContain('secret')
  expect(others).toEqual([])
})

it('details that are missing are logged', async () => {
  expect(await mistakesOf(left(), undefined)).toEqual([
    'the details of the error "sold-out" do not match its schema: none were given',
  ])
})

it('details of Type.Optional may be left out, and are checked where they are given', async () => {
  expect(await mistakesOf(Type.Optional(left()), undefined)).toEqual([])
  expect(await mistakesOf(Type.Optional(left()), { left: 'x' })).toHaveLength(1)
})

it('a schema that TypeBox cannot check is no mistake', async () => {
  expect(await mistakesOf(Type.Unsafe({ type: 'string', enum: ['a'] }), 'b')).toEqual([])
  expect(await mistakesOf(Type.Ref('Other'), { left: 1 })).toEqual([])
  const at = Type.String({ format: 'date-time' })
  expect(await mistakesOf(Type.Object({ at }), { at: new Date(0) })).toEqual([])
  expect(await mistakesOf(Type.Union([at, Type.Null()]), '1970')).toEqual([])
  expect(await mistakesOf(Type.Object({ at, left: Type.Integer() }), { at: '' })).toHaveLength(1)
})

it('texts are held against no pattern: a client may have chosen one that takes it years', async () => {
  const slow = '^(a+)+$'
  const text = `${'a'.repeat(60)}!`
  const details = Type.Object({
    pattern: Type.String({ pattern: slow }),
    template: Type.TemplateLiteral([Type.String(), Type.Literal('-'), Type.String()]),
    keys: Type.Record(Type.String({ pattern: slow }), Type.Integer()),
    any: Type.Record(Type.String(), Type.Integer()),
  })
  const given = { pattern: text, template: text, keys: { [text]: 1 }, any: { [text]: 1 } }
  expect(await mistakesOf(details, given)).toEqual([])
  expect(await mistakesOf(details, { ...given, pattern: 1 })).toHaveLength(1)
  const [wrongKey] = await mistakesOf(details, { ...given, any: { ['k'.repeat(240)]: 'x' } })
  expect(wrongKey).toMatch(/: \/any\/k{100,200}…: /)
})

it.each([
  ['Date', Type.Object({ until: Type.Date() })],
  ['bigint', Type.Array(Type.BigInt())],
  ['undefined', Type.Union([Type.String(), Type.Undefined()])],
])('a schema of what JSON does not have, %s, is refused', (type, details) => {
  const define = (): unknown => defineError({ ...soldOut, details })
  expect(define).toThrow(`a schema of what JSON has, since clients get JSON, got one with the type`)
  expect(define).toThrow(type)
})

it('a property may be called type, and an example may have any', async () => {
  const details = Type.Object({ type: Type.Literal('Date') }, { examples: [{ type: 'Date' }] })
  expect(await mistakesOf(details, { type: 'Date' })).toEqual([])
})

it('an answer that core makes by itself is not held against a schema', async () => {
  const { app, log } = await buildApp()
  app.scs.registerError({ code: 404, id: 'not-found', message: 'Not here', details: left() })
  expect((await app.inject('/nowhere')).json().error.message).toBe('Not here')
  expect(failureLines(log, 50)).toEqual([])
})

it('the list of errors has the schemas', async () => {
  const { app } = await buildApp()
  const details = left()
  app.scs.registerError({ ...soldOut, details })
  expect(app.scs.errors.at(-1)).toEqual({ ...soldOut, details })
  expect(defineError({ ...soldOut, details }).details).toBe(details)
})

it('schemas of equal contents are the same definition, and others are a conflict that says both', async () => {
  const { app } = await buildApp()
  const first = app.scs.registerError({ ...soldOut, details: left() })
  expect(app.scs.registerError({ ...soldOut, details: left() })).toBe(first)
  expect(app.scs.registerError(defineError({ ...soldOut, details: left() }))).toBe(first)
  const conflict = (message: string) =>
    expect.objectContaining({ code: 'SCS_ERR_CONFLICT', message: expect.stringContaining(message) })
  expect(() => app.scs.registerError(soldOut)).toThrow(conflict("'Sold out' without details at"))
  const other = Type.Object({ rest: Type.Integer() })
  expect(() => app.scs.registerError({ ...soldOut, details: other })).toThrow(
    conflict('"rest":{"type":"integer"}'),
  )
})

it.each<[unknown, string]>([
  [{ type: 'object' }, '{ type:'],
  ['left', "'left'"],
  [null, 'null'],
])('details that are no schema of TypeBox are refused: %s', async (details, shown) => {
  const definition = { ...soldOut, details } as ErrorDefinition
  const { app } = await buildApp()
  const refused = expect.objectContaining({
    code: 'SCS_ERR_DEFINITION',
    message: expect.stringContaining(
      `field "details" must be a schema of @sinclair/typebox, got ${shown}`,
    ),
  })
  expect(() => app.scs.registerError(definition)).toThrow(refused)
  expect(() => defineError(definition)).toThrow(refused)
})
