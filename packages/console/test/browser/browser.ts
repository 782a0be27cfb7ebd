import { type Browser, chromium } from 'playwright-core'
import { inject } from 'vitest'

/** Connects to the Chromium that all tests of a run share; `close` only ends the connection, with the pages that it has opened. */
export async function connectBrowser(): Promise<Browser> {
  const answer = await fetch(inject('sharedBrowser'))
  const text = await answer.text()
  if (!answer.ok) throw new Error(`The browser has not started: ${text}`)
  return chromium.connect(text)
}
