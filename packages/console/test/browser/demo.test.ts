import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { connectBrowser, sharedDemo } from './browser.js'
import { openWatched, type WatchedPage } from './watched-page.js'

const CRASH = "Cannot read properties of null (reading 'street')"

let browser: Browser
let demo: Awaited<ReturnType<typeof sharedDemo>>
let watched: WatchedPage
let page: Page
beforeAll(async () => {
  browser = await connectBrowser()
  demo = await sharedDemo()
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
const heading = (name: string | RegExp) => main().getByRole('heading', { level: 1, name })

it('one goes from a crash on the overview to its outbound call on the time line, and back', async () => {
  await page.goto(demo.consoleUrl)
  await main().getByRole('link', { name: CRASH }).first().click()
  await heading(CRASH).waitFor()
  await main().getByRole('link', { name: 'Newest report' }).click()
  await main().getByRole('heading', { name: 'Trace', exact: true }).waitFor()
  const trace = main().getByRole('list', { name: 'Stack trace' })
  expect(await trace.getByRole('listitem').first().textContent()).toContain('formatAddress')
  const timeline = main().getByRole('list', { name: 'Time line of the request' })
  await timeline.waitFor()
  const steps = await timeline.getByRole('listitem').allTextContents()
  expect(steps[0]).toMatch(/^Arrival/)
  expect(steps.at(-1)).toMatch(/^Answer/)
  await timeline.getByRole('link', { name: /customers\.internal/ }).click()
  await heading(/customers\.internal/).waitFor()
  expect(page.url()).toContain('/_scs/calls/')
  await page.goBack()
  await heading(CRASH).waitFor()
  await page.goBack()
  await main().getByRole('link', { name: 'Newest report' }).waitFor()
})

it('a slow call that ran a query for each row names the statement, and its time line has it in one line', async () => {
  const route = encodeURIComponent('GET /orders/with-lines')
  await page.goto(`${demo.consoleUrl}slow?status=slow&route=${route}`)
  await main()
    .getByRole('table', { name: /^Slow and stuck/ })
    .locator('[data-row]')
    .first()
    .click()
  const queries = main().getByRole('region', { name: 'Queries', exact: true })
  const repeated = queries.getByRole('list', { name: /run again and again$/ })
  expect(await repeated.textContent()).toMatch(
    /^N\+1\d+ times SELECT .* FROM order_lines WHERE order_id = .* in all; one query could read them all/,
  )
  const timeline = main().getByRole('list', { name: 'Time line of the request' })
  await timeline
    .locator('summary')
    .filter({ hasText: /\d+ times SELECT .* FROM order_lines/ })
    .first()
    .waitFor()
})

it('a blocked event loop names the route and the line, with its code', async () => {
  const route = encodeURIComponent('GET /reports/daily')
  await page.goto(`${demo.consoleUrl}slow?status=blocked&route=${route}`)
  await main()
    .getByRole('table', { name: /^Slow and stuck/ })
    .locator('[data-row]')
    .first()
    .click()
  await heading(/^GET \/reports\/daily blocked the event loop for /).waitFor()
  const panel = main().getByRole('region', { name: 'What held up the event loop' })
  await panel
    .getByText(/of the samples the loop was in readDay, src\/reports\/archive\.ts:31/)
    .waitFor()
  expect(
    await panel
      .getByRole('list', { name: /^Code at src\/reports/ })
      .first()
      .textContent(),
  ).toContain('JSON.parse(readFileSync(')
})

it('the overview draws its charts', async () => {
  await page.goto(demo.consoleUrl)
  await expect.poll(() => main().locator('figure canvas').count()).toBeGreaterThan(3)
  const drawing = main().getByRole('img', {
    name: /^Crashes and other reports\. In all: Crashes \d/,
  })
  await drawing.waitFor()
})

it('filters are in the address: a reload keeps them, and the back button undoes them', async () => {
  await page.goto(`${demo.consoleUrl}calls`)
  const rows = main().getByRole('table').getByRole('row')
  await rows.nth(5).waitFor()
  await main().getByRole('button', { name: 'Failed', exact: true }).click()
  await page.waitForURL(/status=Failed/)
  await main().getByRole('searchbox', { name: 'Text' }).fill('parcels.example')
  await page.waitForURL(/text=parcels/)
  const found = async () => (await rows.allTextContents()).slice(1)
  // Before there are rows, all of them match.
  const isFiltered = (each: readonly string[]): boolean =>
    each.length > 1 && each.every((row) => /^Failed.*soap\.parcels/.test(row))
  await expect.poll(async () => isFiltered(await found())).toBe(true)
  const filtered = await found()
  await page.reload()
  await expect.poll(found).toHaveLength(filtered.length)
  expect(await main().getByRole('searchbox', { name: 'Text' }).inputValue()).toBe('parcels.example')
  await rows.nth(1).getByRole('link').first().click()
  await heading(/parcels\.example/).waitFor()
  await page.goBack()
  await expect.poll(found).toHaveLength(filtered.length)
  await page.goBack()
  await expect.poll(() => page.url()).not.toContain('text=')
})

it('all calls of one order are on one page', async () => {
  await page.goto(`${demo.consoleUrl}reference/Order/42`)
  const rows = main().getByRole('table').getByRole('row')
  await rows.nth(8).waitFor()
  const text = (await rows.allTextContents()).join('\n')
  for (const part of ['payments', 'shipping', 'mail', 'Failed', 'Completed', 'Refund'])
    expect(text).toContain(part)
})

it('the live tail shows what happens, and keeps it back while it is paused', async () => {
  // As the payment provider does; the event makes each of them another record.
  const notify = async (event: string): Promise<void> => {
    const answer = await fetch(`${demo.address}/webhooks/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ event, payment: 'pay-5', order: '2' }),
    })
    expect(answer.status).toBe(202)
  }
  await page.goto(`${demo.consoleUrl}live`)
  await main().getByText('Live', { exact: true }).waitFor()
  const rows = main()
    .getByRole('log')
    .getByRole('link', { name: /webhooks\/payments 202/ })
  await notify('evt_live_1')
  await expect.poll(() => rows.count()).toBe(1)
  await main().getByRole('button', { name: 'Pause' }).click()
  await main().getByText('Paused', { exact: true }).waitFor()
  await notify('evt_live_2')
  await notify('evt_live_3')
  const waiting = main().getByRole('button', { name: /^Show [2-9] new records/ })
  await waiting.waitFor()
  expect(await rows.count()).toBe(1)
  await waiting.click()
  await expect.poll(() => rows.count()).toBe(3)
})

it('a group is muted with a reason, taken by somebody and opened again; each is an audit event with who', async () => {
  await page.goto(`${demo.consoleUrl}groups?text=Deadlock`)
  await main()
    .getByRole('link', { name: /^Deadlock found/ })
    .click()
  const status = main().getByRole('region', { name: 'Status', exact: true })
  await main().getByRole('button', { name: 'Mute', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Mute the group' })
  await dialog.getByLabel('Why').fill('Tried again by the queue')
  await dialog.getByRole('button', { name: 'Mute' }).click()
  await status.getByText('Muted', { exact: true }).waitFor()
  await status.getByText('Tried again by the queue').waitFor()
  await status.getByRole('button', { name: 'Assign to me' }).click()
  await status.getByText('developer', { exact: true }).waitFor()
  // The page shows a change before it is made.
  await page.getByText('Assigned to developer').waitFor()
  await page.reload()
  await status.getByText('Tried again by the queue').waitFor()
  await status.getByText('developer', { exact: true }).waitFor()
  await main().getByRole('button', { name: 'Reopen', exact: true }).click()
  await status.getByText('Open', { exact: true }).waitFor()
  await page.getByText('Reopened').waitFor()
  await page.goto(`${demo.consoleUrl}audit?type=console-changed`)
  await expect
    .poll(() =>
      main()
        .getByRole('row', { name: /developer changed/ })
        .count(),
    )
    .toBeGreaterThanOrEqual(3)
})

it.each([
  ['As CSV', 'csv'],
  ['As JSON lines', 'jsonl'],
] as const)('what is filtered is downloaded %s', async (label, ending) => {
  await page.goto(`${demo.consoleUrl}audit?level=FATAL`)
  await main().getByRole('table').getByRole('row').nth(1).waitFor()
  await main().getByText('Export', { exact: true }).click()
  const downloading = page.waitForEvent('download')
  await main().getByRole('button', { name: label }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(new RegExp(`\\.${ending}$`))
  const lines = (await text(await download.createReadStream())).trim().split(/\r?\n/)
  const records = ending === 'csv' ? lines.slice(1) : lines
  expect(records.length).toBeGreaterThan(3)
  for (const line of records) expect(line).toContain('payments-signature-wrong')
  await page.getByText(new RegExp(`Exported ${records.length} rows`)).waitFor()
})

it('the program opens the same page over the database, for reading only', async () => {
  const bin = join(import.meta.dirname, '..', '..', 'dist', 'bin.js')
  const child = spawn(process.execPath, [bin, `sqlite:${demo.database}`, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    printed += chunk
  })
  // Whenever it is ready: on a busy machine a process takes its time to start.
  while (!/^The console is at \S+$/m.test(printed)) await once(child.stdout, 'data')
  await page.goto(/at (\S+)/.exec(printed)?.[1] ?? '')
  await main().getByRole('link', { name: CRASH }).first().click()
  await heading(CRASH).waitFor()
  await main().getByText('This console was opened read only.').waitFor()
  expect(await main().getByRole('button', { name: 'Resolve' }).count()).toBe(0)
  // A page that is open asks again by itself, and would complain of a server that is gone.
  await page.goto('about:blank')
  child.kill('SIGINT')
  const [code] = await once(child, 'close')
  expect(code).toBe(0)
})
