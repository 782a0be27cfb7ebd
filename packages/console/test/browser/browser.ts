import { type Browser, chromium } from 'playwright-core'
import { inject } from 'vitest'
import type { DemoProcess } from './demo-process.js'

/** Connects to the Chromium that all tests of a run share; `close` only ends the connection, with the pages that it has opened. */
export async function connectBrowser(): Promise<Browser> {
  return chromium.connect(await shared<string>('/browser'))
}

/** The demo that all tests of a run share: a test changes only groups that are its own. */
export async function sharedDemo(): Promise<Omit<DemoProcess, 'stop'>> {
  return shared('/demo')
}

async function shared<Told>(path: string): Promise<Told> {
  const answer = await fetch(inject('sharedBrowser') + path)
  if (!answer.ok) throw new Error(`${path} has not started: ${await answer.text()}`)
  return (await answer.json()) as Told
}
