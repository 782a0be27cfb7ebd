import scsPlugin from '@fastify-scs/core'
import Fastify from 'fastify'
import queryLog from '../../src/index.js'

/** Runs code where queries are noted, or where they are not. */
export type Place = (code: () => Promise<unknown>) => Promise<void>

/** Where code that asks for queries may run. */
export const places: Readonly<Record<string, Place>> = {
  'Outside of a request': async (code) => {
    await code()
  },
  'Within a request': async (code) => {
    const app = Fastify()
    await app.register(scsPlugin, { source: 'test', audit: false })
    await app.register(queryLog)
    const done = new Promise<unknown>((resolve, reject) => {
      app.get('/', async () => {
        await code().then(resolve, reject)
        return 'done'
      })
    })
    try {
      await Promise.all([done, app.inject('/')])
    } finally {
      await app.close()
    }
  },
}
