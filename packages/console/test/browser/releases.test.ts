import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import consolePlugin from '../../src/plugin.js'
import { connectBrowser } from './browser.js'
import { openWatched } from './watched-page.js'

const folder = mkdtempSync(join(tmpdir(), 'scs-releases-'))
let browser: Browser
beforeAll(async () => {
  browser = await connectBrowser()
})
afterAll(async () => {
  await browser.close()
  rmSync(folder, { recursive: true })
})

/** An instance of one release of a service; all of them share a database. */
async function start(release: string): Promise<{ readonly app: FastifyInstance; url: string }> {
  const app = Fastify()
  await app.register(scsPlugin, { source: 'orders', audit: false })
  await app.register(store, { url: `sqlite:${join(folder, 'scs.db')}` })
  await app.register(errorReporter, {
    apiVersion: release,
    errorReporter: () => undefined,
  })
  await app.register(consolePlugin, { authorize: () => true, authorizeChange: () => true })
  app.get('/kettle', async () => {
    throw new Error('The kettle is empty')
  })
  return { app, url: await app.listen({ host: '127.0.0.1', port: 0 }) }
}

async function crash({ app, url }: Awaited<ReturnType<typeof start>>): Promise<void> {
  await (await fetch(`${url}/kettle`)).text()
  await app.errorReporter.flush()
  await app.scsStore.flush()
}

it('what is resolved in a release stays so in that release, and has regressed in the next one', async () => {
  const { page, complaints, close } = await openWatched(browser)
  const old = await start('1.0.0')
  await crash(old)
  await page.goto(`${old.url}/_scs/groups`)
  const main = page.getByRole('main')
  const link = main.getByRole('link', { name: 'The kettle is empty' })
  await link.click()
  const status = main.getByRole('region', { name: 'Status', exact: true })
  await main.getByRole('button', { name: 'Resolve', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Resolve the group' })
  const mendedIn = dialog.getByLabel('Mended in release')
  await expect.poll(() => mendedIn.inputValue()).toBe('1.0.0')
  await dialog.getByRole('button', { name: 'Resolve' }).click()
  await status.getByText('Resolved', { exact: true }).waitFor()
  await crash(old)
  await page.reload()
  await main.getByText('2 occurrences').waitFor()
  await status.getByText('Resolved', { exact: true }).waitFor()

  const next = await start('1.1.0')
  await crash(next)
  await page.reload()
  await status.getByText('Regressed', { exact: true }).waitFor()
  await status.getByText('It was resolved in 1.0.0 and came again in 1.1.0.').waitFor()
  // An instance of the old release that still runs does not resolve it, nor does a second crash of the new one report it again.
  await crash(old)
  await crash(next)
  await page.goto(`${next.url}/_scs/reports`)
  const reports = main.getByRole('table').getByRole('row', { name: /The kettle is empty/ })
  await reports.first().waitFor()
  const { items } = await next.app.scsStore.find('reports')
  const regressions = items.filter(
    ({ data }) => (data.group as { is_regression?: boolean }).is_regression,
  )
  expect(regressions.map(({ keys }) => keys.release)).toEqual(['1.1.0'])
  await page.goto(`${old.url}/_scs/groups?status=regressed`)
  await link.waitFor()
  expect(complaints).toEqual([])
  await close()
  await Promise.all([old.app.close(), next.app.close()])
})
