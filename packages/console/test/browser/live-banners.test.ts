import type { FastifyInstance } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { buildApp } from '../build-app.js'
import { listen } from '../raw-request.js'
import { connectBrowser } from './browser.js'
import { openWatched, type WatchedPage } from './watched-page.js'

/** What the browser itself says while the server is away. */
const AWAY = /ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET)|Failed to fetch/

let browser: Browser
let app: FastifyInstance
let port: number
let watched: WatchedPage
let page: Page
beforeAll(async () => {
  browser = await connectBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  app = await buildApp({ after: addRoute })
  port = await listen(app)
  watched = await openWatched(browser, { allowed: [AWAY] })
  page = watched.page
  await page.goto(`http://127.0.0.1:${port}/_scs/live`)
  await page.getByText('Live', { exact: true }).waitFor()
})
afterEach(async () => {
  expect(watched.complaints).toEqual([])
  await watched.close()
  await app.close()
})

function addRoute(app: FastifyInstance): void {
  app.get('/kettle', async () => {
    throw new Error('The kettle is empty')
  })
}

async function crash(): Promise<void> {
  await (await fetch(`http://127.0.0.1:${port}/kettle`)).text()
}

const kettles = () => page.getByRole('log').getByRole('link', { name: 'The kettle is empty' })

it('a lost connection is told of, and goes on by itself when the service is there again', async () => {
  await crash()
  await kettles().first().waitFor()
  await app.close()
  await page.getByText('The connection is lost. It is being opened again …').waitFor()
  await page.getByText('Not connected', { exact: true }).waitFor()
  // What was shown stays.
  expect(await kettles().count()).toBe(1)
  app = await buildApp({ after: addRoute })
  await app.listen({ host: '127.0.0.1', port })
  await page.getByText('Live', { exact: true }).waitFor()
  await page.getByText('The connection is lost.').waitFor({ state: 'detached' })
  await crash()
  await kettles().nth(1).waitFor()
})

it('a store that answers slowly is told of as a lag, until it keeps up again', async () => {
  const find = app.scsStore.find.bind(app.scsStore)
  const slow = vi.spyOn(app.scsStore, 'find').mockImplementation(async (...asked) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    return find(...asked)
  })
  const banner = page.getByText(/^The tail cannot keep up: \d+ s behind/)
  await banner.waitFor()
  slow.mockRestore()
  await banner.waitFor({ state: 'detached' })
  await crash()
  await kettles().first().waitFor()
})
