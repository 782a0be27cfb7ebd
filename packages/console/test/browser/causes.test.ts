import scsPlugin from '@fastify-scs/core'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import consolePlugin from '../../src/plugin.js'
import { type CauseName, CHANGE, causeRecords, LINES_OF } from './cause-records.js'
import { eachPage } from './each-page.js'
import { expectEachLook } from './looks.js'
import { untilLoaded } from './watched-page.js'

const watched = eachPage()
let app: FastifyInstance
let url: string
let records: ReturnType<typeof causeRecords>

beforeAll(async () => {
  app = Fastify()
  await app.register(scsPlugin, { source: 'shop', audit: false })
  await app.register(store, { url: 'memory:' })
  await app.register(consolePlugin, { authorize: () => true })
  url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/_scs/`
  records = causeRecords(Date.now() - 60_000)
  for (const record of Object.values(records)) app.scsStore.write(record)
  await app.scsStore.flush()
})
afterAll(() => app.close())

async function open(name: CauseName): Promise<void> {
  await watched.page.goto(`${url}reports/${records[name].id}`)
  await untilLoaded(watched.page)
}

const main = () => watched.page.getByRole('main')
const panel = (name: string) => main().getByRole('region', { name, exact: true })

describe('the queries of a report', () => {
  it('name what failed and what was run again and again first, and each statement with its figures', async () => {
    await open('crash')
    const queries = panel('Queries')
    const findings = queries.getByRole('list', { name: /^What failed/ }).getByRole('listitem')
    expect(await findings.allTextContents()).toEqual([
      `Failed${CHANGE}23505`,
      `N+112 times ${LINES_OF}84 ms in all; one query could read them all`,
    ])
    expect(await queries.textContent()).toContain(
      '98 ms, 33 % of the request’s time. 1 query failed.',
    )
    const rows = await queries.getByRole('row').allTextContents()
    expect(rows[1]).toMatch(/^SELECT sku.*1284 ms7 ms36/)
    const failed = queries.getByRole('row', { name: CHANGE })
    expect(await failed.textContent()).toContain('23505')
  })

  it('show each run on demand', async () => {
    await open('crash')
    const row = panel('Queries').getByRole('row', { name: LINES_OF })
    const runs = row.getByRole('listitem')
    expect(await runs.first().isVisible()).toBe(false)
    await row.getByText('12 runs').click()
    expect(await runs.allTextContents()).toHaveLength(12)
    expect(await runs.first().textContent()).toMatch(
      /\+11 mstook 7 ms, 2\.5 ms of it waiting for a connection, 3 rows/,
    )
  })

  it('of a slow call have the share that its report says, and a part of their own in its time', async () => {
    await open('slow')
    expect(await panel('Queries').textContent()).toContain('1.4 s, 93 % of the request’s time')
    expect(await panel('Where the time went').textContent()).toMatch(/Queries 1\.4 s/)
  })
})

describe('the time line of a request', () => {
  const timeline = () => main().getByRole('list', { name: 'Time line of the request' })

  it('has its queries in one line where they belong together, marked in words, and its log with levels', async () => {
    await open('crash')
    const items = timeline().locator(':scope > li')
    expect(await items.locator('.timeline-kind').allTextContents()).toEqual([
      ...['Arrival', 'Query', 'Log', 'Query', 'Query', 'Log', 'Crash'],
    ])
    const texts = await items.allTextContents()
    expect(texts[2]).toMatch(/^Loginfolisting orders/)
    expect(texts[3]).toContain(`12 times ${LINES_OF}N+1`)
    expect(texts[4]).toContain(`${CHANGE} → 23505failed`)
    expect(texts[5]).toMatch(/^Logwarnan order has no price/)
  })

  it('opens a line of queries to its runs, by a key too', async () => {
    await open('crash')
    const folded = timeline().locator('summary').filter({ hasText: '12 times' })
    await folded.focus()
    await watched.page.keyboard.press('Enter')
    const runs = timeline().getByRole('list', { name: LINES_OF }).getByRole('listitem')
    await runs.nth(11).waitFor()
    expect(await runs.count()).toBe(12)
  })

  it('shows what is asked for: queries and log lines are hidden and come back', async () => {
    await open('crash')
    const items = timeline().locator(':scope > li')
    expect(await items.count()).toBe(7)
    const queries = main().getByRole('button', { name: 'Queries 14' })
    await queries.click()
    await expect.poll(() => items.count()).toBe(4)
    expect(await queries.getAttribute('aria-pressed')).toBe('false')
    await main().getByRole('button', { name: 'Log 2' }).click()
    await expect.poll(() => items.count()).toBe(2)
    await queries.click()
    await expect.poll(() => items.count()).toBe(5)
  })

  it('of 200 queries is a few lines', async () => {
    await watched.page.goto(`${url}requests/request-2`)
    await untilLoaded(watched.page)
    expect(await timeline().getByText('198 times').count()).toBe(1)
    expect(await timeline().locator(':scope > li').count()).toBeLessThan(12)
  })
})

describe('the lines of code of a report', () => {
  it('stand under the first own frame, with its line marked and its place in TypeScript', async () => {
    await open('crash')
    const trace = main().getByRole('list', { name: 'Stack trace', exact: true })
    const code = trace.getByRole('list', { name: 'Code at src/prices.ts:40:11' })
    expect(await code.getByRole('listitem').allTextContents()).toHaveLength(5)
    expect(await code.getByRole('listitem').nth(2).textContent()).toBe(
      'This line: 40  return price.amount * line.amount // fails for a line without a price',
    )
    await trace.getByText('src/prices.ts:40:11').waitFor()
    await trace.getByText('runs as /srv/shop/dist/prices.js:9:24').waitFor()
    const other = trace.getByRole('list', { name: 'Code at src/orders.ts:12:9' })
    expect(await other.count()).toBe(0)
    await trace.getByText('src/orders.ts:12:9').click()
    await other.waitFor()
  })

  it('stand under the frames of causes too, and their place is copied', async () => {
    const { page } = watched
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await open('crash')
    const cause = main().getByRole('list', { name: 'Stack trace of DatabaseError' })
    await cause.getByRole('list', { name: 'Code at src/orders.ts:12:9' }).waitFor()
    await cause.getByRole('button', { name: 'Copy the place' }).click()
    await page.getByText('Copied').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('src/orders.ts:12:9')
    await panel('Server').getByText('0123456789ab', { exact: true }).waitFor()
  })
})

describe('the report of a blocked event loop', () => {
  it('says what ran, for how long and at which line, and who waited', async () => {
    await open('blocked')
    await main()
      .getByRole('heading', { level: 1, name: 'POST /subscribe blocked the event loop for 3.01 s' })
      .waitFor()
    const text = await panel('What held up the event loop').textContent()
    expect(text).toContain('In 92 % of the samples the loop was in isAddress, src/check.js:18:20')
    expect(text).toContain('return /^([a-z0-9]+)+@example$/.test(text)')
    expect(text).toMatch(
      /1 other call without an answer meanwhileGET \/customers\/:id\/ordersrequest-4/,
    )
    expect(text).toContain('postgresql SELECT id FROM orders')
    expect(text).not.toContain('The process ended')
  })

  it('says plainly that the process ended before', async () => {
    await open('ended')
    await panel('What held up the event loop')
      .getByText('The process ended before the loop went on.')
      .waitFor()
  })

  it('has its stack as a tree that keys open and close, the heaviest path open at first', async () => {
    await open('blocked')
    const tree = panel('What held up the event loop').getByRole('list', {
      name: 'Stack, the outermost frame first',
    })
    const regexp = tree.getByText('RegExp: ^([a-z0-9]+)+@example$')
    await regexp.waitFor()
    expect(await tree.textContent()).toMatch(
      /100 %subscribe.*3 frames of steps.*checkAll.*92 %isAddress.*8\.3 %/,
    )
    const branch = tree.locator('summary').filter({ hasText: 'isAddress' })
    await branch.focus()
    await watched.page.keyboard.press('Enter')
    await regexp.waitFor({ state: 'hidden' })
    await watched.page.keyboard.press('Enter')
    await regexp.waitFor()
  })

  it('is counted on the overview, apart from slow and stuck calls', async () => {
    await watched.page.goto(url)
    await main()
      .getByRole('img', { name: /^Slow, stuck and blocked\. In all: Slow 1, Stuck 0, Blocked 2/ })
      .waitFor()
  })

  it('is in the list of slow calls, which can be narrowed to it', async () => {
    const { page } = watched
    await page.goto(`${url}slow`)
    const rows = main()
      .getByRole('table', { name: /^Slow and stuck calls/ })
      .locator('[data-row]')
    await rows.nth(2).waitFor()
    expect(await rows.count()).toBe(3)
    await main().getByRole('button', { name: 'Blocked', exact: true }).click()
    await page.waitForURL(/status=blocked/)
    await expect.poll(() => rows.count()).toBe(2)
    await rows.first().click()
    await panel('What held up the event loop').waitFor()
  })
})

it.each(['crash', 'slow', 'blocked', 'ended'] as const)(
  '%s: no barrier and nothing wider than the screen, with all that is folded open; light and dark, wide and narrow',
  async (name) => {
    const { page } = watched
    await open(name)
    await page.evaluate(() => {
      for (const each of document.querySelectorAll('details')) each.open = true
    })
    await expectEachLook(page)
  },
)
