import scsPlugin from '@fastify-scs/core'
import slowCall from '@fastify-scs/slow-call'
import Fastify, { type FastifyInstance } from 'fastify'
import { expect, it } from 'vitest'
import { buildApp, type Line, listen, sleep } from './build-app.js'

function addSlowRoute(app: FastifyInstance): void {
  app.get('/', () => sleep(30).then(() => 'ok'))
}

function linesAbout(log: readonly Line[]): readonly Line[] {
  return log.filter((line) => 'slowCall' in line)
}

it('without a reporter and without onSlowCall a report goes to the log, at level warn', async () => {
  const { app, log } = await buildApp({ maxMs: 1, onSlowCall: undefined } as object)
  addSlowRoute(app)
  await fetch(await listen(app))
  await expect.poll(() => linesAbout(log).length).toBe(1)
  expect(linesAbout(log)[0]).toMatchObject({
    level: 40,
    msg: expect.stringMatching(/^GET \/ calltime exceeded 1 millisec! It took \d+ ms\.$/),
    durationMs: expect.any(Number),
    slowCall: { kind: 'slow', limitMs: 1 },
  })
})

it.each([
  [
    'throws',
    () => {
      throw new Error('mail broke')
    },
  ],
  ['rejects', () => Promise.reject(new Error('mail broke'))],
])(
  'a listener that %s is logged with the report and counted, and nobody else notices',
  async (_how, onSlowCall) => {
    const { app, log } = await buildApp({ maxMs: 1, onSlowCall })
    addSlowRoute(app)
    const answer = await fetch(await listen(app))
    expect(await answer.text()).toBe('ok')
    await expect.poll(() => linesAbout(log).length).toBe(1)
    expect(linesAbout(log)[0]).toMatchObject({ level: 50, err: { message: 'mail broke' } })
    expect(app.slowCall.stats().reports).toEqual({ delivered: 0, failed: 1 })
  },
)

it('an error reporter that throws does not affect the answer', async () => {
  const { app, log } = await buildApp({ maxMs: 1 })
  app.decorate('reportError', () => {
    throw new Error('reporter broke')
  })
  addSlowRoute(app)
  await fetch(await listen(app))
  await expect.poll(() => linesAbout(log).length).toBe(1)
  expect(app.slowCall.stats().reports.failed).toBe(1)
})

it('the URL of a report is redacted', async () => {
  const { app, report } = await buildApp({ maxMs: 1 })
  addSlowRoute(app)
  await fetch(`${await listen(app)}/?access_token=hunter2&page=3`)
  const { url } = await report()
  expect(url).not.toContain('hunter2')
  expect(url).toContain('page=3')
})

it('two apps in one process share nothing', async () => {
  const one = await buildApp({ maxMs: 1 })
  const two = await buildApp({ maxMs: 1 })
  addSlowRoute(one.app)
  addSlowRoute(two.app)
  two.app.slowCall.maxMs = 500_000
  await Promise.all([one.app, two.app].map(async (app) => fetch(await listen(app))))
  await one.report()
  expect(two.reports).toEqual([])
})

it('it needs core', async () => {
  await expect(Fastify().register(slowCall).ready()).rejects.toThrow('@fastify-scs/core')
})

it('routes declared before the plugin, and unknown routes, have the global limit', async () => {
  const app = Fastify()
  const routes: string[] = []
  await app.register(scsPlugin, { audit: false })
  addSlowRoute(app)
  await app.register(slowCall, {
    maxMs: 1,
    blockedAfterMs: false,
    onSlowCall: ({ route }) => void routes.push(route),
  })
  app.addHook('onRequest', () => sleep(30))
  const address = await listen(app)
  await fetch(address)
  await fetch(`${address}/nowhere`)
  await expect.poll(() => routes).toEqual(['/', '(unknown route)'])
  expect(app.slowCall.stats().routes.map(({ route, calls }) => [route, calls])).toEqual([
    ['/', 1],
    ['(unknown route)', 1],
  ])
  await app.close()
})
