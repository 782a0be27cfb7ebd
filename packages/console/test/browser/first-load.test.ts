import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectBrowser, sharedDemo } from './browser.js'
import { openWatched } from './watched-page.js'

/** What a reader waits for on a slow connection, in bytes on the wire. */
const MAX_FIRST_LOAD_BYTES = 120_000

let browser: Browser
beforeAll(async () => {
  browser = await connectBrowser()
})
afterAll(() => browser.close())

it('the page and all files of its first view are less than 120 KB, compressed', async () => {
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
  const bytes = files.reduce((sum, [, each]) => sum + each, 0)
  expect(bytes).toBeGreaterThan(20_000)
  expect(bytes).toBeLessThan(MAX_FIRST_LOAD_BYTES)
  expect(complaints).toEqual([])
  await close()
})
