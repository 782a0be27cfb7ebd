import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'
import { listen } from '../raw-request.js'
import { eachPage } from './each-page.js'

const each = eachPage()
let app: FastifyInstance
let mayChange: boolean
beforeEach(async () => {
  mayChange = true
  app = await buildApp({
    console: { authorizeChange: () => mayChange },
    after: (app) =>
      app.get('/kettle', async () => {
        throw new Error('The kettle is empty')
      }),
  })
  const port = await listen(app)
  await (await fetch(`http://127.0.0.1:${port}/kettle`)).text()
  await app.errorReporter.flush()
  await each.page.goto(`http://127.0.0.1:${port}/_scs/groups`)
})
afterEach(async () => {
  await each.leave()
  await app.close()
})

const main = () => each.page.getByRole('main')
const status = () => main().getByRole('region', { name: 'Status', exact: true })
const buttons = () =>
  main().getByRole('button', { name: /^(Resolve|Mute|Change the mute|Reopen)$/ })
const openGroup = async (): Promise<void> => {
  await main().getByRole('link', { name: 'The kettle is empty' }).click()
  await status().waitFor()
}

it('a group is muted, its mute changed, and opened again, by the keyboard alone', async () => {
  await openGroup()
  expect(await buttons().allTextContents()).toEqual(['Resolve', 'Mute'])
  await each.page.keyboard.press('m')
  const dialog = each.page.getByRole('dialog')
  await dialog.getByRole('heading', { name: 'Mute the group' }).waitFor()
  // Escape leaves it as it is.
  await each.page.keyboard.press('Escape')
  // Out of the page, and not only out of sight: until then the key would open it a second time.
  await each.page.locator('dialog', { hasText: 'Mute the group' }).waitFor({ state: 'detached' })
  await each.page.keyboard.press('m')
  // What is typed before that are keys of the page.
  await dialog.getByLabel('Why').and(each.page.locator(':focus')).waitFor()
  await each.page.keyboard.type('The water is turned off')
  await each.page.keyboard.press('Tab')
  await each.page.keyboard.type('a week')
  // The key sends the form from its list too.
  await dialog.getByRole('button', { name: 'Mute', exact: true }).press('Enter')
  await status()
    .getByText(/^Muted.*: The water is turned off\.$/)
    .waitFor()
  await status()
    .getByText(/^Open again on/)
    .waitFor()
  expect(await buttons().allTextContents()).toEqual(['Resolve', 'Change the mute', 'Reopen'])

  await main().getByRole('button', { name: 'Change the mute' }).press('Enter')
  // What was said before is there, and the focus is in it.
  expect(await dialog.getByLabel('Why').inputValue()).toBe('The water is turned off')
  expect(await dialog.getByLabel('Until').inputValue()).toBe('date')
  await dialog.getByLabel('Until').selectOption('count')
  await dialog.getByLabel('Occurrences', { exact: true }).fill('40')
  await each.page.keyboard.press('Enter')
  await status().getByText('Open again at occurrence 41.').waitFor()
  await each.page.getByText('Mute changed').waitFor()
  await main().getByRole('button', { name: 'Reopen' }).press('Enter')
  await status().getByText('Nothing is decided about it yet.').waitFor()
  expect(await buttons().allTextContents()).toEqual(['Resolve', 'Mute'])
})

it('a resolved group can be muted or opened again, and not resolved once more', async () => {
  await openGroup()
  await each.page.keyboard.press('r')
  const dialog = each.page.getByRole('dialog', { name: 'Resolve the group' })
  await dialog.getByRole('button', { name: 'Resolve' }).press('Enter')
  await status().getByText('Resolved', { exact: true }).waitFor()
  expect(await buttons().allTextContents()).toEqual(['Mute', 'Reopen'])
  await each.page.keyboard.press('r')
  expect(await each.page.getByRole('dialog').count()).toBe(0)
})

it('the chart of a group is of the span that the address names', async () => {
  await openGroup()
  const occurrences = main().getByRole('region', { name: 'Occurrences' })
  await occurrences.getByRole('button', { name: '30d, the last 30 days' }).click()
  await each.page.waitForURL(/last=30d/)
  await each.page.reload()
  const chosen = occurrences.getByRole('button', { pressed: true })
  await expect.poll(() => chosen.textContent()).toBe('30d')
  await each.page.goBack()
  await expect.poll(() => chosen.textContent()).toBe('24h')
})

it('whoever may not change a group is told so, and has no buttons', async () => {
  mayChange = false
  // The page that is open may have been told that changes are allowed.
  await each.page.reload()
  await openGroup()
  await status().getByText('You may look at this group, and not change it.').waitFor()
  expect(await buttons().count()).toBe(0)
  await each.page.keyboard.press('m')
  expect(await each.page.getByRole('dialog').count()).toBe(0)
})
