import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the addresses of what tests share are told, such as `/browser`; each starts when it is first asked for. */
    readonly sharedBrowser: string
  }
}

/** What is started once for all tests of a run. */
interface Shared {
  /** Told to the tests, as JSON. */
  readonly told: unknown
  stop(): Promise<void>
}

const STARTS: Readonly<Record<string, () => Promise<Shared>>> = {
  '/browser': async () => {
    const { startBrowser } = await import('./start-browser.js')
    const browser = await startBrowser()
    return { told: browser.wsEndpoint(), stop: () => browser.close() }
  },
  '/demo': async () => {
    const { startDemo } = await import('./demo-process.js')
    const { stop, ...told } = await startDemo()
    return { told, stop }
  },
}

/** Serves one Chromium and one demo to all tests of a run, and ends them with it. A run that has no use for them starts none. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<string, Promise<Shared>>()
  const broker = createServer((request, response) => {
    const path = request.url ?? ''
    const start = STARTS[path]
    if (start === undefined) {
      response.writeHead(404).end()
      return
    }
    const starting = started.get(path) ?? start()
    started.set(path, starting)
    starting.then(
      ({ told }) => response.end(JSON.stringify(told)),
      (error) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve))
  project.provide('sharedBrowser', `http://127.0.0.1:${(broker.address() as AddressInfo).port}`)
  return async () => {
    broker.close()
    broker.closeAllConnections()
    for (const starting of started.values()) await (await starting.catch(() => undefined))?.stop()
  }
}
