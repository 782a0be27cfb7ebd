import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserServer } from 'playwright-core'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the address of the shared browser is told; it starts when it is first asked for. */
    readonly sharedBrowser: string
  }
}

/** Serves one Chromium to all tests of a run, and ends it with the run. A run that has no use for it starts none. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<BrowserServer> | undefined
  const broker = createServer((_request, response) => {
    starting ??= import('./start-browser.js').then(({ startBrowser }) => startBrowser())
    starting.then(
      (browser) => response.end(browser.wsEndpoint()),
      (error) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve))
  project.provide('sharedBrowser', `http://127.0.0.1:${(broker.address() as AddressInfo).port}`)
  return async () => {
    broker.close()
    broker.closeAllConnections()
    await (await starting?.catch(() => undefined))?.close()
  }
}
