import { connect } from 'node:http2'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import scsPlugin from '@fastify-scs/core'
import Fastify from 'fastify'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { buildApp, linesOf } from './crumbed-app.js'

describe('nothing of one request is among the lines of another', () => {
  it('of 200 at once that have the same id', async () => {
    const { app } = await buildApp({ requestIdHeader: 'x-request-id' })
    app.get<{ Params: { n: string } }>('/:n', async (request) => {
      const { n } = request.params
      for (let index = 0; index < 5; index++) {
        request.log.info(`${n} says ${index}`)
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
      }
      return linesOf(request).map(({ message }) => message)
    })
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    const headers = { 'x-request-id': 'the-same' }
    const all = Array.from({ length: 200 }, async (_, n) => {
      const answer = await fetch(`${address}/${n}`, { headers })
      expect(await answer.json()).toEqual([0, 1, 2, 3, 4].map((index) => `${n} says ${index}`))
    })
    await Promise.all(all)
  })

  it('of two apps that share a logger', async () => {
    const loggerInstance = pino({}, { write: () => undefined })
    const own = Object.getOwnPropertySymbols(loggerInstance)
    const apps = [await buildApp({ loggerInstance }), await buildApp({ loggerInstance })]
    for (const [index, { app }] of apps.entries()) {
      app.get('/', ({ log }) => {
        log.info(`app ${index}`)
        return 'ok'
      })
    }
    await Promise.all(apps.map(({ app }) => app.inject('/')))
    expect(apps.map(({ told }) => told())).toEqual([['info: app 0'], ['info: app 1']])
    expect(Object.getOwnPropertySymbols(loggerInstance)).toEqual(own)
  })

  it('of two contexts that have a core of their own', async () => {
    const app = Fastify({ logger: { stream: { write: () => undefined } } })
    onTestFinished(() => app.close())
    for (const prefix of ['/a', '/b']) {
      await app.register(
        async (child) => {
          await child.register(scsPlugin, { audit: false })
          child.get('/', (request) => {
            request.log.info(prefix)
            return linesOf(request).map(({ message }) => message)
          })
        },
        { prefix },
      )
    }
    const [a, b] = await Promise.all([app.inject('/a'), app.inject('/b')])
    expect([a.json(), b.json()]).toEqual([['/a'], ['/b']])
  })

  it('of one connection of HTTP/2', async () => {
    const app = Fastify({ http2: true, logger: { stream: { write: () => undefined } } })
    onTestFinished(() => app.close())
    await app.register(scsPlugin, { audit: false })
    app.get('/:n', async (request) => {
      request.log.info(request.url)
      await new Promise((resolve) => setTimeout(resolve, 10))
      return linesOf(request as never).map(({ message }) => message)
    })
    const session = connect(await app.listen({ port: 0, host: '127.0.0.1' }))
    const ask = (path: string) =>
      new Promise<string>((resolve, reject) => {
        let body = ''
        session
          .request({ ':path': path })
          .setEncoding('utf8')
          .on('data', (part: string) => {
            body += part
          })
          .on('end', () => resolve(body))
          .on('error', reject)
      })
    const bodies = await Promise.all(['/1', '/2', '/3'].map(ask))
    session.close()
    expect(bodies).toEqual(['["/1"]', '["/2"]', '["/3"]'])
  })
})

it('nothing of a request is kept when it is over', async () => {
  const { app } = await buildApp()
  const loggers: WeakRef<object>[] = []
  app.get('/', ({ log }) => {
    loggers.push(new WeakRef(log))
    for (let index = 0; index < 10; index++) log.info({ index }, 'said')
    return 'ok'
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  for (let times = 0; times < 50; times++) await (await fetch(address)).text()
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  await expect
    .poll(() => {
      collectGarbage()
      return loggers.filter((logger) => logger.deref() !== undefined).length
    })
    // The connection may still hold its last request.
    .toBeLessThan(3)
})
