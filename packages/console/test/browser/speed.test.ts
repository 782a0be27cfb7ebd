import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { connectBrowser, sharedDemo } from './browser.js'
import { openWatched } from './watched-page.js'

/** Times that each way is gone. */
const RUNS = 11

/** Where the page notes its times, in milliseconds since the navigation or the click. */
interface Timed {
  shownAtMs?: number
  clickedAtMs?: number
  detailMs?: number
}

/** Notes when the first link of the overview is there, and how long a click takes until the view of a record is whole. */
function noteTimes(): void {
  const timed: Timed = {}
  Object.assign(window, { timed })
  const isDetail = () => /\/(?:calls|reports|groups|audit)\/[^/]+$/.test(location.pathname)
  const look = (): void => {
    const isBusy = document.querySelector('[aria-busy="true"]') !== null
    if (timed.shownAtMs === undefined && document.querySelector('main section ul a') !== null)
      timed.shownAtMs = performance.now()
    const { clickedAtMs, detailMs } = timed
    if (clickedAtMs === undefined || detailMs !== undefined || isBusy || !isDetail()) return
    if (document.querySelectorAll('main section').length < 2) return
    // Painted, too.
    requestAnimationFrame(() => {
      timed.detailMs ??= performance.now() - clickedAtMs
    })
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true })
  document.addEventListener(
    'click',
    () => {
      delete timed.detailMs
      timed.clickedAtMs = performance.now()
    },
    { capture: true },
  )
}

function timesOf(page: Page): Promise<Timed> {
  return page.evaluate(() => (window as unknown as { timed: Timed }).timed)
}

function say(what: string, times: readonly number[]): void {
  const sorted = [...times].sort((one, other) => one - other)
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  console.log(
    `${what}: median ${median.toFixed(0)} ms, longest ${(sorted.at(-1) ?? 0).toFixed(0)} ms, of ${sorted.length}`,
  )
}

// A figure for a reader, on a machine that is quiet; on a busy one it would be luck.
describe.runIf(process.env.MEASURE_CONSOLE === '1')('how quick the page is on the demo', () => {
  let browser: Browser
  let consoleUrl: string
  beforeAll(async () => {
    browser = await connectBrowser()
    consoleUrl = (await sharedDemo()).consoleUrl
  })
  afterAll(() => browser.close())

  it('from an empty cache to the overview', async () => {
    const times: number[] = []
    for (let run = 0; run < RUNS; run++) {
      const { page, close } = await openWatched(browser)
      await page.addInitScript(noteTimes)
      await page.goto(consoleUrl)
      await page.waitForFunction(
        () => (window as unknown as { timed: Timed }).timed.shownAtMs !== undefined,
      )
      times.push((await timesOf(page)).shownAtMs ?? 0)
      await close()
    }
    say('first load to the groups of the overview', times)
  })

  it.each([
    ['calls', 'table'],
    ['groups', 'list'],
    ['reports', 'table'],
    ['audit', 'table'],
  ] as const)('from the list of %s to one of it', async (path, role) => {
    const { page, close } = await openWatched(browser)
    await page.addInitScript(noteTimes)
    const times: number[] = []
    await page.goto(consoleUrl + path)
    for (let run = 0; run < RUNS; run++) {
      const links = page.getByRole('main').getByRole(role).locator('[data-row]')
      await links.nth(run % 10).waitFor()
      await links.nth(run % 10).click()
      await page.waitForFunction(
        () => (window as unknown as { timed: Timed }).timed.detailMs !== undefined,
      )
      times.push((await timesOf(page)).detailMs ?? 0)
      await page.goBack()
    }
    say(`${path}: list to detail`, times)
    await close()
  })
})
