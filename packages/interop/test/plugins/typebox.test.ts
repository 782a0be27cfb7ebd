import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { expectError, headOf } from './error-answer.js'
import { type Parts, SETUPS, startFamily, startPlain } from './family.js'

const Order = Type.Object({
  article: Type.String({ minLength: 1 }),
  lines: Type.Array(Type.Object({ amount: Type.Integer({ minimum: 1 }) })),
})

function partsOf(hasOwnCompiler: boolean): Parts {
  return {
    plugin: (app) => {
      if (hasOwnCompiler) app.setValidatorCompiler(TypeBoxValidatorCompiler)
    },
    routes: (given) => {
      const app = given.withTypeProvider<TypeBoxTypeProvider>()
      app.post('/orders', { schema: { body: Order } }, ({ body }) => ({
        first: body.lines[0]?.amount ?? 0,
      }))
      app.get(
        '/wrong',
        { schema: { response: { 200: Type.Object({ left: Type.Integer() }) } } },
        () => ({}) as never,
      )
    },
  }
}

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})

/** Fastify's own compiler, and the one of the package. */
const COMPILERS = SETUPS.map((setup) => ({ ...setup, hasOwn: setup.order === 'after ours' }))

describe.each(COMPILERS)(
  '@fastify/type-provider-typebox, $order, $format, own: $hasOwn',
  (setup) => {
    const { format, hasOwn } = setup
    const parts = partsOf(hasOwn)

    it('answers a request that is not valid with 400 and what is wrong where', async () => {
      const { address, reports, settled } = await startFamily(setup, parts)
      const good = { article: 'kettle', lines: [{ amount: 2 }] }
      expect(await (await fetch(`${address}/orders`, post(good))).json()).toEqual({ first: 2 })
      const wrong = post({ article: 'kettle', lines: [{ amount: 0 }] })
      const answer = await fetch(`${address}/orders`, wrong)
      const plain = await startPlain(parts)
      expect(headOf(answer)).toEqual(headOf(await fetch(`${plain}/orders`, wrong)))
      await expectError(answer, format, {
        status: 400,
        id: 'bad-request',
        code: 'INVALID_PARAMETER',
        message: 'must be >= 1',
        details: [{ path: 'body/lines/0/amount', message: 'must be >= 1' }],
      })
      await expectError(await fetch(`${address}/orders`, post({ article: 'x' })), format, {
        status: 400,
        id: 'bad-request',
        code: 'INVALID_PARAMETER',
        message: 'must have required propert',
        details: [
          { path: expect.stringMatching(/^body/), message: expect.stringContaining('lines') },
        ],
      })
      await settled()
      expect(reports).toEqual([])
    })

    it('answers an answer that lacks a field with 500, and reports it', async () => {
      const { address, reports, settled } = await startFamily(setup, parts)
      await expectError(await fetch(`${address}/wrong`), format, {
        status: 500,
        id: 'internal-server-error',
        code: 'INTERNAL_VALIDATION_ERROR',
        message: 'An unexpected error occurred',
      })
      await settled()
      expect(reports).toHaveLength(1)
    })
  },
)
