import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectBrowser } from './browser.js'
import { unpackChromium } from './chromium.js'

let browser: Browser
beforeAll(async () => {
  browser = await connectBrowser()
})
afterAll(() => browser.close())

it('the browser of the package runs the script of a page that a server sends', async () => {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<title>one</title><script>document.title += " and one"</script>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  expect(await page.title()).toBe('one and one')
  expect(browser.version()).toMatch(/^143\./)
  await page.close()
  server.close()
})

it('the browser takes every library from its own folder, but the C library and its kin', async () => {
  const { executablePath, env } = await unpackChromium()
  // The dynamic linker says what it would load, and starts nothing.
  const listed = execFileSync(executablePath, {
    env: { ...env, LD_TRACE_LOADED_OBJECTS: '1' },
    encoding: 'utf8',
  })
  expect(listed).not.toContain('not found')
  const fromSystem = [...listed.matchAll(/^\s*(\S+) => (\S+)/gm)]
    .filter(([, , path]) => !path?.startsWith(env.LD_LIBRARY_PATH ?? '?'))
    .map(([, name]) => name?.replace(/\.so.*/, ''))
  expect(fromSystem.filter((name) => !/^lib(c|dl|m|pthread|rt|gcc_s)$/.test(name ?? ''))).toEqual(
    [],
  )
  expect(listed).toMatch(/libnss3\.so => /)
})
