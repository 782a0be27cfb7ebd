import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectBrowser, sharedDemo } from './browser.js'
import { expectEachLook } from './looks.js'
import { openWatched, untilLoaded } from './watched-page.js'

/** The route that runs a query for each row. */
const WITH_LINES = encodeURIComponent('GET /orders/with-lines')

/** The views, by what leads to each of them. */
const VIEWS: Readonly<Record<string, (api: Api) => Promise<string>>> = {
  overview: async () => '',
  groups: async () => 'groups',
  'a group': async (api) => `groups/${(await api.first('groups?status=regressed')).fingerprint}`,
  reports: async () => 'reports',
  'a crash report': async (api) =>
    `reports/${(await api.first('records/reports?status=fatal')).id}`,
  'a report of a slow call': async (api) =>
    `reports/${(await api.first('records/reports?status=slow')).id}`,
  'a report of a call with many queries': async (api) => {
    const { id } = await api.first(`records/reports?status=slow&route=${WITH_LINES}`)
    return `reports/${id}`
  },
  'a report of a blocked event loop': async (api) =>
    `reports/${(await api.first('records/reports?status=blocked')).id}`,
  'a request': async (api) => {
    const { requestId } = await api.first('records/reports?status=fatal&service=orders')
    return `requests/${encodeURIComponent(String(requestId))}`
  },
  'a trace': async (api) => {
    const failed = 'records/integration_requests?status=Failed&service=shipping'
    return `traces/${(await api.first(failed)).traceId}`
  },
  search: async () => 'search?q=payment',
  calls: async () => 'calls',
  'a call': async (api) =>
    `calls/${(await api.first('records/integration_requests?service=shipping')).id}`,
  'a business record': async () => 'reference/Order/42',
  'slow calls': async () => 'slow',
  'audit events': async () => 'audit',
  'an audit event': async (api) => `audit/${(await api.first('records/audit_events')).id}`,
  'a user': async () => 'users/ann',
  'the live tail': async () => 'live',
  'an address without a view': async () => 'nowhere',
}

interface Api {
  /** The first item of a list. */
  first(path: string): Promise<Readonly<Record<string, unknown>>>
}

let browser: Browser
let consoleUrl: string
beforeAll(async () => {
  browser = await connectBrowser()
  consoleUrl = (await sharedDemo()).consoleUrl
})
afterAll(() => browser.close())

const api: Api = {
  first: async (path) => {
    const answer = await fetch(`${consoleUrl}api/${path}${path.includes('?') ? '&' : '?'}limit=1`)
    const { items } = (await answer.json()) as {
      readonly items: readonly [Record<string, unknown>]
    }
    return items[0]
  },
}

/** Loads a view and waits until nothing of it is still being fetched. */
async function visit(page: Page, path: string): Promise<void> {
  await page.goto(consoleUrl + path)
  await untilLoaded(page)
}

it.each(Object.entries(VIEWS))(
  '%s: no barrier, no complaint of the browser, nothing wider than the screen; light and dark, wide and narrow',
  async (_name, pathOf) => {
    const { page, complaints, close } = await openWatched(browser)
    await visit(page, await pathOf(api))
    await expectEachLook(page)
    expect(complaints).toEqual([])
    await close()
  },
)
