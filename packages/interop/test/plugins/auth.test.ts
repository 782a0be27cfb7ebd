import auth from '@fastify/auth'
import { abort } from '@fastify-scs/core'
import { describe, expect, it } from 'vitest'
import { expectError } from './error-answer.js'
import { type Parts, SETUPS, startFamily } from './family.js'

const parts: Parts = {
  plugin: (app) => app.register(auth),
  routes: (app) => {
    const members = app.scs.registerError({
      code: 401,
      id: 'members-only',
      message: 'Members only',
    })
    const asMember = async (): Promise<void> => {
      throw members()
    }
    const asAdmin = async (): Promise<void> => abort(403)
    app.get('/any', { preHandler: app.auth([asAdmin, asMember]) }, () => 'ok')
    app.get('/all', { preHandler: app.auth([asAdmin, asMember], { relation: 'and' }) }, () => 'ok')
    app.get('/one', { preHandler: app.auth([asMember, async () => undefined]) }, () => 'ok')
    const broken = async (): Promise<void> => {
      throw new TypeError('boom')
    }
    const own = async (): Promise<void> => {
      throw Object.assign(new Error('boom'), { statusCode: 403 })
    }
    app.get('/own', { preHandler: app.auth([own]) }, () => 'ok')
    app.get('/broken', { preHandler: app.auth([broken]) }, () => 'ok')
  },
}

describe.each(SETUPS)('@fastify/auth, registered $order, $format', (setup) => {
  const { format } = setup

  it('answers with the error of the function that refused; whatever else one throws is a 401, as without us', async () => {
    const { address, reports, settled } = await startFamily(setup, parts)
    await expectError(await fetch(`${address}/any`), format, {
      status: 401,
      id: 'members-only',
      message: 'Members only',
    })
    await expectError(await fetch(`${address}/all`), format, {
      status: 403,
      id: 'unauthorized',
      message: 'You are not allowed to do this',
    })
    expect(await (await fetch(`${address}/one`)).text()).toBe('ok')
    const told = { status: 401, id: 'unauthenticated', message: 'boom' }
    for (const path of ['/broken', '/own'])
      await expectError(await fetch(address + path), format, told)
    await settled()
    expect(reports).toEqual([])
  })
})
