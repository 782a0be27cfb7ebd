import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

/** A page of the browser, and all that must not happen on it. */
export interface WatchedPage {
  readonly page: Page
  /** What the browser has complained of: errors, violations of the policy, dialogs, requests to elsewhere, scripts that ran. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** Called by each planted script that runs. */
export const PLANTED_CALL = 'plantedScriptRan'

/** What the page says of itself, on the console's channel that the test reads. */
const REPORTED = 'complaint: '

/**
 * Opens a page on which everything that must not happen is noted. The answer 404 or 409 of an API that a test provokes is an error of
 * the browser's console too, and can be allowed.
 */
export async function openWatched(
  browser: Browser,
  {
    allowed = [],
    ...options
  }: BrowserContextOptions & { readonly allowed?: readonly RegExp[] } = {},
): Promise<WatchedPage> {
  // Not this machine's language and zone, which a test must not depend on.
  const reader = { locale: 'en-GB', timezoneId: 'Europe/Berlin' }
  const viewport = { width: 1440, height: 900 }
  const context = await browser.newContext({ ...reader, viewport, ...options })
  const complaints: string[] = []
  const complain = (text: string): void => {
    if (!allowed.some((pattern) => pattern.test(text))) complaints.push(text)
  }
  // Not subject to the page's policy, and there before its first script.
  await context.addInitScript(
    ([reported, planted]) => {
      document.addEventListener('securitypolicyviolation', (event) => {
        const { violatedDirective, blockedURI, sourceFile, lineNumber } = event
        const where = `${sourceFile}:${lineNumber}`
        console.debug(`${reported}policy ${violatedDirective} ${blockedURI} ${where}`)
      })
      Object.defineProperty(window, planted, {
        value: () => console.debug(`${reported}a planted script has run`),
      })
    },
    [REPORTED, PLANTED_CALL] as const,
  )
  const page = await context.newPage()
  page.on('console', (message) => {
    const text = message.text()
    if (message.type() === 'error' || text.startsWith(REPORTED)) {
      complain(`${message.type()} ${text} ${message.location().url}`)
    }
  })
  page.on('pageerror', (error) => complain(`uncaught ${error.message}`))
  page.on('dialog', (dialog) => {
    complain(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    // Where the test itself goes.
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) return
    const { origin, protocol } = new URL(request.url())
    const own = new URL(page.url()).origin
    if (protocol !== 'blob:' && origin !== own) complain(`request to ${request.url()}`)
  })
  return { page, complaints, close: () => context.close() }
}

/** Waits until a view has its heading, and no part of it is still being fetched. */
export async function untilLoaded(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('main h1') !== null &&
      document.querySelector('.pending, [aria-busy="true"]') === null,
  )
}

/** Does what changes a group, and waits until the server has made the change: the page shows it before. */
export async function untilChanged(page: Page, change: () => Promise<void>): Promise<void> {
  const answer = page.waitForResponse(
    (each) => each.request().method() === 'POST' && each.status() === 200,
  )
  await change()
  await answer
}
