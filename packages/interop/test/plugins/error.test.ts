import createError from '@fastify/error'
import { describe, expect, it } from 'vitest'
import { expectError, headOf } from './error-answer.js'
import { type Parts, SETUPS, startFamily, startPlain } from './family.js'

const SoldOut = createError<[number, ErrorOptions?]>('ORDERS_SOLD_OUT', 'Only %s are left', 409)
const StockDown = createError('STOCK_DOWN', 'Host 10.0.0.7 does not answer', 503)
const Broken = createError('ORDERS_BROKEN', 'Password hunter2 refused')

const parts: Parts = {
  plugin: () => undefined,
  routes: (app) => {
    app.get('/sold-out', () => {
      throw new SoldOut(3)
    })
    app.get('/rejected', async () => {
      throw new SoldOut(3, { cause: new Error('stock 3') })
    })
    app.get('/sent', (_request, reply) => reply.header('x-mine', '1').send(new SoldOut(3)))
    app.get('/down', async () => {
      throw new StockDown()
    })
    app.get('/broken', async () => {
      throw new Broken({ cause: new Error('refused') })
    })
  },
}

describe.each(SETUPS.slice(0, 3))('@fastify/error, $format', ({ order, format }) => {
  it('keeps its status, its message and its code, however it is raised', async () => {
    const { address, reports, settled } = await startFamily({ order, format }, parts)
    const plain = await startPlain(parts)
    for (const path of ['/sold-out', '/rejected', '/sent']) {
      const answer = await fetch(address + path)
      expect(headOf(answer)).toEqual(headOf(await fetch(plain + path)))
      const told = { id: 'conflict', code: 'ORDERS_SOLD_OUT', message: 'Only 3 are left' }
      await expectError(answer, format, { status: 409, ...told })
    }
    await settled()
    expect(reports).toEqual([])
  })

  it('of 500 and above keeps its status, hides its text and is reported once', async () => {
    const { address, reports, settled } = await startFamily({ order, format }, parts)
    const plain = await startPlain(parts)
    const down = await fetch(`${address}/down`)
    expect(headOf(down)).toEqual(headOf(await fetch(`${plain}/down`)))
    await expectError(down, format, {
      status: 503,
      id: 'service-unavailable',
      message: 'Service Unavailable',
    })
    await expectError(await fetch(`${address}/broken`), format, {
      status: 500,
      id: 'internal-server-error',
      code: 'SERVER_ERROR',
      message: 'An unexpected error occurred',
    })
    await settled()
    expect(reports).toHaveLength(2)
    expect(JSON.stringify(reports[1]?.error_caught)).toContain('ORDERS_BROKEN')
  })
})
