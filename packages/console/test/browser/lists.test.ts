import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { connectBrowser, sharedDemo } from './browser.js'
import { openWatched, type WatchedPage } from './watched-page.js'

let browser: Browser
let consoleUrl: string
let watched: WatchedPage
let page: Page
beforeAll(async () => {
  browser = await connectBrowser()
  consoleUrl = (await sharedDemo()).consoleUrl
})
afterAll(() => browser.close())
beforeEach(async () => {
  watched = await openWatched(browser)
  page = watched.page
})
afterEach(async () => {
  expect(watched.complaints).toEqual([])
  await watched.close()
})

const main = () => page.getByRole('main')
const rowLinks = () => main().locator('[data-row]')
const rowTexts = () => main().getByRole('table').getByRole('row').allTextContents()
const scrollTop = () => page.evaluate(() => Math.round(window.scrollY))

it('older pages have addresses of their own; the back button returns to the page and to the place in it', async () => {
  await page.goto(`${consoleUrl}calls`)
  await rowLinks().nth(40).waitFor()
  const first = await rowTexts()
  await main().getByRole('link', { name: 'Older' }).click()
  await main().getByText('Page 2').waitFor()
  await expect.poll(rowTexts).not.toEqual(first)
  // It begins at its top, although one has come from the end of the page before.
  await expect.poll(scrollTop).toBeLessThan(200)
  await page.evaluate(() => window.scrollTo({ top: 900 }))
  await page.waitForFunction(() => history.state?.scrollTop === 900)
  await rowLinks().nth(25).click()
  await main().getByRole('heading', { name: 'Answer', exact: true }).waitFor()
  await page.goBack()
  await main().getByText('Page 2').waitFor()
  await expect.poll(scrollTop).toBe(900)
  await main().getByRole('button', { name: 'Newer' }).click()
  await expect.poll(rowTexts).toEqual(first)
  expect(page.url()).not.toContain('cursor')
})

it('a list is walked through by the keyboard alone', async () => {
  await page.goto(`${consoleUrl}audit`)
  await rowLinks().nth(3).waitFor()
  const focused = () =>
    page.evaluate(() => {
      const rows: (Element | null)[] = [...document.querySelectorAll('[data-row]')]
      return rows.indexOf(document.activeElement)
    })
  for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key)
  expect(await focused()).toBe(1)
  const name = await rowLinks().nth(1).textContent()
  await page.keyboard.press('Enter')
  await main()
    .getByRole('heading', { level: 1, name: name ?? '' })
    .waitFor()
  await page.goBack()
  await rowLinks().nth(3).waitFor()
  await page.keyboard.press('n')
  await main().getByText('Page 2').waitFor()
  await page.keyboard.press('p')
  await main().getByText('Page 1').waitFor()
  await page.keyboard.press('f')
  await page.keyboard.type('refunded')
  await page.waitForURL(/text=refunded/)
})

it('the text that is searched for follows the back button', async () => {
  await page.goto(`${consoleUrl}calls?status=Failed`)
  const field = main().getByRole('searchbox', { name: 'Text' })
  await field.pressSequentially('parcels')
  await page.waitForURL(/text=parcels/)
  await page.goBack()
  await page.waitForURL((url) => !url.search.includes('text'))
  await expect.poll(() => field.inputValue()).toBe('')
})

it('a filter that is malformed is marked and not applied', async () => {
  await page.goto(`${consoleUrl}calls`)
  await main().getByRole('button', { name: 'Filters', exact: true }).click()
  const code = main().getByRole('textbox', { name: 'Code' })
  await code.fill('4x')
  await code.press('Enter')
  expect(await code.getAttribute('aria-invalid')).toBe('true')
  expect(page.url()).not.toContain('statusCode')
  await code.fill('4xx')
  await code.press('Enter')
  await page.waitForURL(/statusCode=4xx/)
  await main().getByRole('button', { name: 'Take off Code 4xx' }).click()
  await page.waitForURL((url) => !url.search.includes('statusCode'))
})

it('a route’s durations are drawn over time, with a table that says the same', async () => {
  await page.goto(`${consoleUrl}slow?last=7d`)
  await main().getByRole('link', { name: 'GET /export', exact: true }).first().click()
  await main()
    .getByRole('figure', { name: /^Durations of GET \/export/ })
    .waitFor()
  const cells = main().locator('figure rect')
  expect(await cells.count()).toBeGreaterThan(20)
  await main().getByText('The same as a table').click()
  await main().getByRole('region', { name: 'Durations by time' }).getByRole('row').nth(10).waitFor()
  await page.goBack()
  await main().getByRole('columnheader', { name: 'p95' }).waitFor()
})

it('a slow call says where its time went', async () => {
  await page.goto(`${consoleUrl}slow?status=slow`)
  await rowLinks().first().click()
  const where = main().getByRole('region', { name: 'Where the time went' })
  await where.getByText(/its limit is/).waitFor()
  expect(await where.getByRole('listitem').count()).toBeGreaterThan(1)
})
