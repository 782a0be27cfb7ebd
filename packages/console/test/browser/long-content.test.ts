import Fastify, { type FastifyInstance } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'
import { listen } from '../raw-request.js'
import { connectBrowser } from './browser.js'
import { openWatched, type WatchedPage } from './watched-page.js'

/** Of a task that keeps the page from answering, in milliseconds; generous, for a machine that has much to do. */
const FROZEN_MS = 2_000

/** Right to left, with an emoji of several code points, and no place to break. */
const ODD = 'הקומקום ריק مِغلاة 👩‍👩‍👧‍👦🫖'
const MESSAGE = `${ODD}${'x'.repeat(10_000)}`
const PATH = `/v1/${'segment-without-an-end'.repeat(90)}`

let browser: Browser
let app: FastifyInstance
let upstream: FastifyInstance
let url: string
let watched: WatchedPage
let page: Page

function deepCrash(depth: number): never {
  if (depth === 0) throw new Error(MESSAGE)
  return deepCrash(depth - 1)
}

beforeAll(async () => {
  browser = await connectBrowser()
  upstream = Fastify({ routerOptions: { maxParamLength: 10_000 } })
  upstream.post('/v1/*', (_request, reply) => {
    for (let index = 0; index < 500; index++) reply.header(`x-own-${index}`, 'value')
    const items = Array.from({ length: 800 }, (_, index) => ({ index, text: 'y'.repeat(60) }))
    return reply.code(500).send({ items, odd: ODD })
  })
  app = await buildApp({
    core: { user: () => ODD },
    origin: await upstream.listen({ host: '127.0.0.1', port: 0 }),
    after: (app) => {
      app.scs.registerAuditEvent({
        type: 'kettle-empty',
        level: 'WARN',
        messageTemplate: 'Empty: {text}',
      })
      app.get('/kettle', async (request) => {
        request.addAuditEvent('kettle-empty', { text: MESSAGE })
        const answer = await request.integrations.service('stripe').fetch(PATH, {
          method: 'POST',
          body: JSON.stringify({ text: MESSAGE }),
          headers: { 'content-type': 'application/json' },
        })
        await answer.text()
        const limit = Error.stackTraceLimit
        Error.stackTraceLimit = 200
        try {
          deepCrash(250)
        } finally {
          Error.stackTraceLimit = limit
        }
      })
    },
  })
  const address = `http://127.0.0.1:${await listen(app)}`
  url = `${address}/_scs/`
  await (await fetch(`${address}/kettle?q=${'q'.repeat(2_000)}`)).text()
  await Promise.all([app.errorReporter.flush(), app.integrations.settled()])
  await app.scsStore.flush()
  watched = await openWatched(browser)
  page = watched.page
  await page.addInitScript(() => {
    const tasks: number[] = []
    Object.assign(window, { tasks })
    new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map(({ duration }) => duration))
    }).observe({ type: 'longtask', buffered: true })
  })
})
afterAll(async () => {
  await watched.close()
  await browser.close()
  await Promise.all([app.close(), upstream.close()])
})

it.each(['calls', 'groups', 'reports', 'audit'] as const)(
  'what is long or odd among %s breaks neither the list nor its page, and does not freeze them',
  async (list) => {
    for (const width of [360, 1440]) {
      await page.setViewportSize({ width, height: 900 })
      await page.goto(`${url}${list}`)
      const link = page.getByRole('main').locator('[data-row]').first()
      await link.waitFor()
      await expectWhole(`${list} ${width}`)
      await link.click()
      await page.waitForURL((address) => address.pathname.includes(`/${list}/`))
      await page.getByRole('main').locator('section.panel').nth(1).waitFor()
      await expectWhole(`one of ${list} ${width}`)
    }
    expect(watched.complaints).toEqual([])
  },
)

/** Nothing is wider than the window, and no task has frozen the page. */
async function expectWhole(what: string): Promise<void> {
  await page.waitForFunction(() => document.querySelector('.pending') === null)
  const { overflowPx, longestMs } = await page.evaluate(() => ({
    overflowPx: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    longestMs: Math.max(0, ...(window as unknown as { tasks: number[] }).tasks),
  }))
  expect.soft({ what, overflowPx, isFrozen: longestMs > FROZEN_MS }).toEqual({
    what,
    overflowPx: 0,
    isFrozen: false,
  })
}
