import scsPlugin from '@fastify-scs/core'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import consolePlugin from '../../src/plugin.js'
import { connectBrowser } from './browser.js'
import { plant } from './plant.js'
import { plantedRecords } from './planted-records.js'
import { openWatched, untilLoaded, type WatchedPage } from './watched-page.js'

let browser: Browser
let app: FastifyInstance
let url: string
let watched: WatchedPage
const ids = new Map<string, string>()
/** All texts of the views that were visited. */
const shown: string[] = []

beforeAll(async () => {
  browser = await connectBrowser()
  app = Fastify()
  await app.register(scsPlugin, { source: plant('source'), audit: false })
  await app.register(store, { url: 'memory:' })
  await app.register(consolePlugin, {
    authorize: (request) => {
      Object.assign(request, { user: { id: plant('reader') } })
      return true
    },
    authorizeChange: () => true,
  })
  url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/_scs/`
  await fill()
  watched = await openWatched(browser)
})
afterAll(async () => {
  await watched.close()
  await browser.close()
  await app.close()
})

async function fill(): Promise<void> {
  const now = Date.now()
  const { scsStore } = app
  for (const record of plantedRecords(now - 60_000)) {
    scsStore.write(record)
    ids.set(`${record.kind} ${record.keys.status}`, record.id)
  }
  await scsStore.flush()
  await scsStore.noteRelease(plant('noted.release'), now - 3_600_000)
  const group = (fingerprint: string) => ({
    fingerprint,
    occurrences: 3,
    firstSeenAt: now - 120_000,
    lastSeenAt: now - 60_000,
    canReport: true,
    title: plant(`${fingerprint.slice(0, 5)}.title`),
    kind: 'fatal' as const,
    release: plant('group.release'),
    users: [plant('group.user')],
  })
  const rules = { growth: 2, quietMs: 60_000 }
  await scsStore.countGroups([group(plant('fingerprint')), group('muted'), group('mended')], rules)
  const by = plant('group.changedBy')
  const decided = {
    expected: 0,
    by,
    at: now,
    assignee: plant('group.assignee'),
    note: plant('group.note'),
  }
  await scsStore.changeGroup('muted', {
    ...decided,
    status: 'muted',
    reason: plant('group.reason'),
  })
  const resolvedIn = plant('group.resolvedIn')
  await scsStore.changeGroup('mended', { ...decided, status: 'resolved', resolvedIn })
}

/** Opens all that is folded, and notes every text that is there, those of fields and of labels too. */
async function read(page: Page): Promise<void> {
  await untilLoaded(page)
  await expect
    .poll(() =>
      page.evaluate(() => {
        const closed = document.querySelectorAll('details:not([open])')
        for (const each of closed) each.setAttribute('open', '')
        return closed.length
      }),
    )
    .toBe(0)
  shown.push(
    ...(await page.evaluate(() => {
      const elements = [...document.querySelectorAll('*')]
      const values = elements.flatMap((each) => [
        each instanceof HTMLInputElement ? each.value : '',
        ...['title', 'aria-label'].map((name) => each.getAttribute(name) ?? ''),
      ])
      return [
        document.body.textContent ?? '',
        document.title,
        ...values.filter((text) => text !== ''),
      ]
    })),
  )
}

/** What must not be in the page: elements that only a planted text could have made, and links that run a script. */
function foreignElements(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [
      ...document.querySelectorAll('img, iframe, object, embed, script:not([src]), [onerror]'),
      ...document.links,
    ]
      .filter((each) => !(each instanceof HTMLAnchorElement) || !/^(https?|blob):/.test(each.href))
      .map((each) => each.outerHTML),
  )
}

const part = (field: string) => encodeURIComponent(plant(field))

it.each([
  ['overview', () => ''],
  ['groups', () => 'groups?status=all'],
  ['group', () => `groups/${part('fingerprint')}`],
  ['muted group', () => 'groups/muted'],
  ['resolved group', () => 'groups/mended'],
  ['reports', () => 'reports'],
  ['crash', () => `reports/${ids.get('reports fatal')}`],
  ['blocked event loop', () => `reports/${ids.get('reports blocked')}`],
  ['slow call', () => `reports/${ids.get('reports slow')}`],
  ['request', () => `requests/${part('request')}`],
  ['trace', () => `traces/${part('trace')}`],
  ['search', () => `search?q=${part('searched')}`],
  ['calls', () => `calls?text=${encodeURIComponent('<img')}`],
  ['calls by service', () => `calls?service=${part('filter.service')}&key=${part('filter.key')}`],
  ['call', () => `calls/${ids.get('integration_requests Failed')}`],
  ['reference', () => `reference/${part('reference.type')}/${part('reference.id')}`],
  ['slow calls', () => 'slow'],
  ['route', () => `slow?route=${part('route.keys.route')}`],
  ['audit events', () => 'audit'],
  ['audit event', () => `audit/${ids.get('audit_events undefined')}`],
  ['user', () => `users/${part('audit.keys.user')}`],
  ['no view', () => `nowhere/${part('path')}`],
])('%s: nothing that was planted runs or becomes an element', async (_name, pathOf) => {
  const { page, complaints } = watched
  const before = complaints.length
  await page.goto(url + pathOf())
  await read(page)
  expect(await foreignElements(page)).toEqual([])
  expect(complaints.slice(before)).toEqual([])
})

it('live: nothing that was planted runs or becomes an element, nor in the bell and the messages', async () => {
  const { page, complaints } = watched
  const before = complaints.length
  await page.goto(`${url}live`)
  await page.getByText('Live', { exact: true }).waitFor()
  for (const record of plantedRecords(Date.now())) app.scsStore.write(record)
  await page.getByRole('log').getByRole('link').nth(2).waitFor()
  await page.getByRole('button', { name: /new group/ }).click()
  await read(page)
  expect(await foreignElements(page)).toEqual([])
  expect(complaints.slice(before)).toEqual([])
})

/** What no view says, since it says the same another way, or since it is nothing to read. */
const SAID_OTHERWISE = [
  // What a record is found by, where the record says it itself, and the other way round.
  /\.keys\.(?:service|user|route|release|summary)$/,
  /^call\.(?:service|requestId|key|owner|reference\.type|traceId)$/,
  /^audit\.(?:event\.type|source|requestId)$/,
  /^(?:crash|slow|blocked)\.(?:request\.(?:base_url|path|route)|call_id|call_path|trace_id|span_id)$/,
  // The first line of a trace is the name and the message of its error.
  /\.trace\.0$/,
  // Nothing was caught in a slow call or in a blocked event loop.
  /^(?:slow|blocked)\.(?:error_caught|stack)\./,
  // The line of a trace, which the trace shows.
  /\.code\.0\.frame$/,
  // They name something within the store only.
  /^(?:fingerprint|remote|instance)$/,
]

it('what was planted is shown, as text', () => {
  const all = shown.join('\n')
  const namesIn = (text: string): readonly string[] =>
    [...text.matchAll(/\{\{([^}]+)\}\}/g)].map(([, name = '']) => name)
  const seen = new Set(namesIn(all))
  for (const name of seen) expect(all).toContain(plant(name))
  const decided = ['assignee', 'note', 'reason', 'resolvedIn', 'changedBy'].map(
    (each) => `group.${each}`,
  )
  const planted = [...namesIn(JSON.stringify(plantedRecords(0))), 'source', 'reader', ...decided]
  const unseen = [...new Set(planted)].filter((name) => !seen.has(name))
  expect(unseen.filter((name) => !SAID_OTHERWISE.some((each) => each.test(name)))).toEqual([])
  expect(seen.size).toBeGreaterThan(100)
})
