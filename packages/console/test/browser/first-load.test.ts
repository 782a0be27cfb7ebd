import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectBrowser, sharedDemo } from './browser.js'
import { openWatched } from './watched-page.js'

/** What a reader waits for on a slow connection, in bytes on the wire. */
const MAX_FIRST_LOAD_BYTES = 90_000

let browser: Browser
beforeAll(async () => {
  browser = await connectBrowser()
})
afterAll(() => browser.close())

it('the page and all files of its first view are less than 90 KB, compressed', async () => {
  const { consoleUrl } = await sharedDemo()
  const { page, complaints, close } = await openWatched(browser)
  const sizes: Promise<readonly [url: string, bytes: number]>[] = []
  page.on('requestfinished', (request) => {
    const url = new URL(request.url())
    if (url.pathname.includes('/api/')) return
    sizes.push(request.sizes().then((each) => [url.pathname, each.responseBodySize] as const))
  })
  await page.goto(consoleUrl)
  await page.getByRole('main').locator('figure canvas').first().waitFor()
  const files = await Promise.all(sizes)
  expect(files.map(([path]) => path.replace(/.*(?=\.)/, '')).sort()).toEqual(
    expect.arrayContaining(['.css', '.js']),
  )
  // What only a report's page needs is loaded when the first one is opened.
  expect(files.map(([path]) => path)).not.toContainEqual(expect.stringMatching(/report-panels/))
  const bytes = files.reduce((sum, [, each]) => sum + each, 0)
  expect(bytes).toBeGreaterThan(20_000)
  expect(bytes).toBeLessThan(MAX_FIRST_LOAD_BYTES)
  expect(complaints).toEqual([])
  await close()
})

it('a report whose part of the page cannot be loaded says so, and can be tried again', async () => {
  const { consoleUrl } = await sharedDemo()
  const { page, complaints, close } = await openWatched(browser, { allowed: [/ERR_FAILED/] })
  await page.route(/report-panels/, (route) => route.abort())
  await page.goto(`${consoleUrl}reports`)
  const main = page.getByRole('main')
  await main.locator('[data-row]').first().click()
  await main.getByText('This part of the page could not be loaded').waitFor()
  await page.unroute(/report-panels/)
  await main.getByRole('button', { name: 'Try again' }).click()
  await main.getByRole('region', { name: 'Ids', exact: true }).waitFor()
  expect(complaints).toEqual([])
  await close()
})
