import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { findBarriers } from './axe.js'
import { connectBrowser, sharedDemo } from './browser.js'
import { openWatched, type WatchedPage } from './watched-page.js'

const CRASH = "Cannot read properties of null (reading 'street')"

let browser: Browser
let consoleUrl: string
let watched: WatchedPage
beforeAll(async () => {
  browser = await connectBrowser()
  consoleUrl = (await sharedDemo()).consoleUrl
})
afterAll(() => browser.close())
afterEach(async () => {
  expect(watched.complaints).toEqual([])
  await watched.close()
})

/** The text of the element that has the focus. */
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '')

it('by the keyboard alone one finds a crash, reads its report, asks for help and comes back', async () => {
  watched = await openWatched(browser)
  const { page } = watched
  const main = page.getByRole('main')
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key)
  }
  await page.goto(consoleUrl)
  await main.getByRole('link', { name: CRASH }).first().waitFor()
  await press('?')
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await help.getByText('Go to Errors').waitFor()
  // The dialog has the keys for itself.
  await press('g', 'c')
  await press('Escape')
  await help.waitFor({ state: 'hidden' })
  expect(page.url()).toBe(consoleUrl)
  await press('g', 'e')
  await page.waitForURL(/\/groups/)
  await main.locator('[data-row]').nth(5).waitFor()
  // Down until the crash has the focus, one too far, and up again.
  let steps = 0
  while (!(await focused(page)).includes(CRASH) && steps++ < 30) await press('j')
  await press('j', 'k')
  expect(await focused(page)).toContain(CRASH)
  await press('Enter')
  await main.getByRole('heading', { level: 1, name: CRASH }).waitFor()
  // The key for it is the browser's own.
  await page.goBack()
  await page.waitForURL(/\/groups$/)
  await press('/')
  await page.keyboard.type('Deadlock')
  await press('Enter')
  await page.waitForURL(/search\?q=Deadlock/)
  await main
    .getByRole('link', { name: /Deadlock found/ })
    .first()
    .waitFor()
  // The letters were the field's, and Escape leaves it.
  await press('/', 'Escape', 'g', 'o')
  await page.waitForURL(consoleUrl)
})

it('on a telephone one goes from the overview to a call, and a finger hits what it wants', async () => {
  watched = await openWatched(browser, {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
  })
  const { page } = watched
  const main = page.getByRole('main')
  const expectFitting = async (): Promise<void> => {
    const tooWidePx = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect({ url: page.url(), tooWidePx }).toEqual({ url: page.url(), tooWidePx: 0 })
  }
  await page.goto(consoleUrl)
  await main.getByRole('link', { name: CRASH }).first().tap()
  await main.getByRole('link', { name: 'Newest report' }).tap()
  const timeline = main.getByRole('list', { name: 'Time line of the request' })
  await expectFitting()
  await timeline.getByRole('link', { name: /customers\.internal/ }).tap()
  await main.getByRole('heading', { level: 1, name: /customers\.internal/ }).waitFor()
  await expectFitting()
  await page.getByRole('link', { name: 'Calls', exact: true }).tap()
  await main.locator('[data-row]').nth(5).waitFor()
  await main.getByRole('button', { name: 'Filters', exact: true }).tap()
  await main.getByRole('textbox', { name: 'Code' }).fill('402')
  await page.keyboard.press('Enter')
  await page.waitForURL(/statusCode=402/)
  await expectFitting()
  expect(await findBarriers(page, 'targets')).toEqual([])
})
