import { describe, expect, it } from 'vitest'
import { startServer } from '../src/measure/contestant.js'
import { Sink } from '../src/measure/sink.js'

const TEAPOT = { id: 42, name: 'teapot', isShort: true }

const side = (name: string, variant: string) => ({
  module: new URL(`../dist/servers/${name}.js`, import.meta.url),
  variant,
  request: { method: 'GET', path: '/' },
  expectedStatus: 200,
})

describe.skipIf(process.platform !== 'linux')(
  'servers with many plugins',
  { timeout: 60_000 },
  () => {
    it.each([
      ['works', 'bare'],
      ['works', 'core'],
      ['works', 'core-context'],
      ['works', 'query-log'],
      ['works', 'slow-call'],
      ['works', 'slow-call-unwatched'],
      ['works', 'three'],
      ['works', 'all'],
      ['works', 'all-sqlite'],
      ['works', 'all-console'],
      ['works', 'all-uncorrelated'],
    ])('%s %s answers', async (name, variant) => {
      const server = await startServer(side(name, variant))
      const answer = await fetch(`http://127.0.0.1:${server.port}/`)
      expect(await answer.json()).toEqual(TEAPOT)
      await server.stop()
    })

    it.each([['healthy'], ['faulty'], ['healthy, each reported'], ['faulty, each reported']])(
      'under-faults %s answers',
      async (variant) => {
        const server = await startServer(side('under-faults', variant))
        for (const path of ['plain', 'audited', 'crash', 'slow', 'outbound']) {
          const answer = await fetch(`http://127.0.0.1:${server.port}/${path}`)
          expect(answer.status).toBe(path === 'crash' ? 500 : 200)
        }
        await server.stop()
      },
    )

    it.each([
      ['numbered, posted', 3],
      ['numbered, suppressed', 2],
    ])('crashes %s delivers to the sink', async (variant, reports) => {
      await Sink.with(async (sink) => {
        const server = await startServer({ ...side('crashes', variant), args: [sink.host] })
        const arrival = sink.arrival(
          variant === 'numbered, posted' ? '/ours' : '/suppressed',
          reports,
        )
        // Its group is reported at the first and the second of three.
        for (let crash = 0; crash < 3; crash += 1) {
          const answer = await fetch(`http://127.0.0.1:${server.port}/`)
          expect(answer.status).toBe(500)
        }
        await arrival
        await server.stop()
      })
    })
  },
)
