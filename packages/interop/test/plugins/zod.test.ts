import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { expectError, headOf } from './error-answer.js'
import { type Parts, SETUPS, startFamily, startPlain } from './family.js'

const Order = z.object({
  article: z.string().min(1),
  lines: z.array(z.object({ amount: z.number().int().positive() })),
})

const parts: Parts = {
  plugin: (app) => {
    app.setValidatorCompiler(validatorCompiler)
    app.setSerializerCompiler(serializerCompiler)
  },
  routes: (given) => {
    const app = given.withTypeProvider<ZodTypeProvider>()
    const schema = { body: Order, querystring: z.object({ page: z.coerce.number().optional() }) }
    app.post('/orders', { schema }, ({ body }) => ({ first: body.lines[0]?.amount ?? 0 }))
    app.get(
      '/orders/:id',
      { schema: { params: z.object({ id: z.uuid() }) } },
      ({ params }) => params,
    )
    const response = { 200: z.object({ left: z.number() }), 409: z.object({ own: z.string() }) }
    app.get('/wrong', { schema: { response } }, () => ({ left: 'secret' }) as never)
    app.get('/conflict', { schema: { response } }, () => {
      throw Object.assign(new Error('Sold out'), { statusCode: 409 })
    })
    app.get('/parse', () => Order.parse({ article: 'secret' }))
  },
}

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})

describe.each(SETUPS)('zod with its type provider, set $order, $format', (setup) => {
  const { format } = setup

  it('answers a request that is not valid with 400 and what is wrong where', async () => {
    const { address, reports, settled } = await startFamily(setup, parts)
    const plain = await startPlain(parts)
    const good = { article: 'kettle', lines: [{ amount: 2 }] }
    expect(await (await fetch(`${address}/orders`, post(good))).json()).toEqual({ first: 2 })
    const wrong = post({ article: '', lines: [{ amount: 1 }, { amount: 1.5 }], more: 1 })
    const answer = await fetch(`${address}/orders`, wrong)
    expect(headOf(answer)).toEqual(headOf(await fetch(`${plain}/orders`, wrong)))
    await expectError(answer, format, {
      status: 400,
      id: 'bad-request',
      code: 'INVALID_PARAMETER',
      message: 'body',
      details: [
        { path: 'body/article', message: expect.stringContaining('>=1 characters') },
        { path: 'body/lines/1/amount', message: expect.stringContaining('expected int') },
      ],
    })
    const told = { status: 400, id: 'bad-request', code: 'INVALID_PARAMETER' }
    const message = expect.any(String)
    await expectError(await fetch(`${address}/orders`, post([])), format, {
      ...told,
      message: 'body',
      details: [{ path: 'body', message }],
    })
    await expectError(await fetch(`${address}/orders?page=x`, post(good)), format, {
      ...told,
      message: 'querystring',
      details: [{ path: 'querystring/page', message }],
    })
    await expectError(await fetch(`${address}/orders/7`), format, {
      ...told,
      message: 'params',
      details: [{ path: 'params/id', message }],
    })
    await settled()
    expect(reports).toEqual([])
  })

  it('answers an answer that is not valid with 500, and reports it with what was wrong', async () => {
    const { address, reports, settled } = await startFamily(setup, parts)
    for (const path of ['/wrong', '/parse']) {
      const answer = await fetch(address + path)
      await expectError(answer, format, {
        status: 500,
        id: 'internal-server-error',
        code: 'INTERNAL_VALIDATION_ERROR',
        message: 'An unexpected error occurred',
      })
    }
    await settled()
    const paths = reports.map(({ request }) => request?.path)
    expect(paths).toEqual(['/wrong', '/parse'])
    expect(JSON.stringify(reports[0])).toContain('expected number')
  })

  it('an error has our body, whatever zod schema the route has for its status', async () => {
    const { address } = await startFamily(setup, parts)
    await expectError(await fetch(`${address}/conflict`), format, {
      status: 409,
      id: 'conflict',
      message: 'Sold out',
    })
  })
})
