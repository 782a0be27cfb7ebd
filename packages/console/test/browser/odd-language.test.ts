import { expect, it } from 'vitest'
import { sharedDemo } from './browser.js'
import { eachPage } from './each-page.js'

const each = eachPage()

it('charts are drawn where the browser’s language is no language tag, which stays as it was', async () => {
  const { page } = each
  // As Chromium says it in the locale C.
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en-US@posix' })
  })
  await page.goto((await sharedDemo()).consoleUrl)
  await page.getByRole('main').locator('canvas').nth(3).waitFor()
  expect(await page.evaluate(() => navigator.language)).toBe('en-US@posix')
})
