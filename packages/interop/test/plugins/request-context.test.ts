import { fastifyRequestContext, requestContext } from '@fastify/request-context'
import { currentRequest } from '@fastify-scs/core'
import { describe, expect, it } from 'vitest'
import { SETUPS, startFamily } from './family.js'

declare module '@fastify/request-context' {
  interface RequestContextData {
    who: string
  }
}

describe.each(SETUPS.slice(0, 4))('@fastify/request-context, registered $order', (setup) => {
  it('and our own context each know the request, in the handler, its errors and its answer', async () => {
    const seen: unknown[] = []
    const { address, reports, settled } = await startFamily(setup, {
      core: {
        context: true,
        errorDecorator: (body) => ({ ...body, who: requestContext.get('who') }) as never,
      },
      plugin: (app) =>
        app.register(fastifyRequestContext, { defaultStoreValues: { who: 'nobody' } }),
      routes: (app) => {
        app.get('/crash/:who', async ({ params }) => {
          requestContext.set('who', (params as { who: string }).who)
          await new Promise((resolve) => setImmediate(resolve))
          seen.push([requestContext.get('who'), currentRequest()?.url])
          throw new Error('boom')
        })
      },
    })
    const names = ['ann', 'bob', 'eve']
    const bodies = await Promise.all(
      names.map(async (who) => (await fetch(`${address}/crash/${who}`)).json()),
    )
    expect(bodies.map((body) => (body as { who: string }).who)).toEqual(names)
    expect(seen.toSorted()).toEqual(names.map((who) => [who, `/crash/${who}`]))
    await settled()
    expect(reports.length).toBeGreaterThan(0)
  })
})
