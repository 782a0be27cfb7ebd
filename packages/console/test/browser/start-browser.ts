import { type BrowserServer, chromium } from 'playwright-core'
import { unpackChromium } from './chromium.js'

/** Starts Chromium without a window; ended by `close`, and with this process. */
export async function startBrowser(): Promise<BrowserServer> {
  const { executablePath, env } = await unpackChromium()
  return chromium.launchServer({
    executablePath,
    env: { ...process.env, ...env },
    args: ['--disable-gpu', '--font-render-hinting=none'],
  })
}
