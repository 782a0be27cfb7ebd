import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { connectBrowser } from './browser.js'
import { openWatched, type WatchedPage } from './watched-page.js'

/** The page of the test that runs. */
export interface EachPage {
  readonly page: Page
  /**
   * Closes the page before its server: what it still asks then would be a complaint, and a connection that the browser has made in
   * advance keeps Node's server from closing for a minute.
   */
  leave(): Promise<void>
}

/** Opens a page before each test of the file, and closes it after; the test fails if the browser has complained. */
export function eachPage(options: Parameters<typeof openWatched>[1] = {}): EachPage {
  let browser: Browser
  let watched: WatchedPage
  beforeAll(async () => {
    browser = await connectBrowser()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    watched = await openWatched(browser, options)
  })
  afterEach(async () => {
    expect(watched.complaints).toEqual([])
    await watched.close()
  })
  return {
    get page() {
      return watched.page
    },
    leave: () => watched.close(),
  }
}
