import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { findBarriers } from './axe.js'

const LOOKS = [
  { colorScheme: 'light', width: 1440 },
  { colorScheme: 'dark', width: 1440 },
  { colorScheme: 'dark', width: 360 },
  { colorScheme: 'light', width: 360 },
] as const

/** Fails where the page has a barrier or is wider than the screen: light and dark, wide and narrow. */
export async function expectEachLook(page: Page): Promise<void> {
  for (const look of LOOKS) {
    const { colorScheme, width } = look
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 900 })
    // Nothing but the colours is another in the dark.
    const barriers = await findBarriers(page, colorScheme === 'light' ? 'all' : 'colors')
    const overflowPx = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect
      .soft({ ...look, barriers, isTooWide: overflowPx > 0 })
      .toEqual({ ...look, barriers: [], isTooWide: false })
  }
}
