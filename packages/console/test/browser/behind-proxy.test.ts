import { readFileSync } from 'node:fs'
import { request as requestOf } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'
import { connectBrowser } from './browser.js'
import { openWatched } from './watched-page.js'

/** Where the proxy has the service. */
const OUTSIDE = '/internal'

// Made for this test and for nothing else: key and certificate of 127.0.0.1.
const pem = readFileSync(join(import.meta.dirname, 'proxy-certificate.pem'))

let browser: Browser
let app: FastifyInstance
let closeProxy: () => void
beforeAll(async () => {
  browser = await connectBrowser()
})
afterAll(() => browser.close())
afterEach(async () => {
  closeProxy()
  await app.close()
})

/** A proxy that ends HTTPS and takes a part of the path away, as nginx does with `proxy_pass http://service/;`. */
async function startProxy(port: number): Promise<string> {
  const proxy = createServer({ key: pem, cert: pem }, (request, response) => {
    const path = request.url?.startsWith(`${OUTSIDE}/`)
      ? request.url.slice(OUTSIDE.length)
      : '/lost'
    const headers = {
      ...request.headers,
      'x-forwarded-for': request.socket.remoteAddress,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': request.headers.host,
      host: 'orders.internal',
    }
    const { method } = request
    const inner = requestOf({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    inner.on('error', () => response.destroy())
    response.on('close', () => inner.destroy())
    request.pipe(inner)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  closeProxy = () => {
    proxy.close()
    proxy.closeAllConnections()
  }
  return `https://127.0.0.1:${(proxy.address() as AddressInfo).port}${OUTSIDE}`
}

it('behind a proxy that ends HTTPS and has the service elsewhere, the console works as it does without', async () => {
  app = await buildApp({
    server: { trustProxy: '127.0.0.1' },
    console: { authorizeChange: () => true },
    after: (each) =>
      each
        .get('/kettle', async () => {
          throw new Error('The kettle is empty')
        })
        .get('/stove', async () => {
          throw new Error('The stove is cold')
        }),
  })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const outside = await startProxy(Number(new URL(address).port))
  const crash = async (route: string): Promise<void> => {
    await (await fetch(`${address}/${route}`)).text()
    await app.errorReporter.flush()
    await app.scsStore.flush()
  }
  await crash('kettle')
  const { page, complaints, close } = await openWatched(browser, { ignoreHTTPSErrors: true })
  // Without a slash at its end, too.
  await page.goto(`${outside}/_scs`)
  const main = page.getByRole('main')
  await main.getByRole('link', { name: 'The kettle is empty' }).first().click()
  expect(page.url()).toMatch(/\/internal\/_scs\/groups\/[0-9a-f]+$/)
  await main.getByRole('button', { name: 'Resolve', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click()
  const status = main.getByRole('region', { name: 'Status', exact: true })
  await status.getByText('Resolved', { exact: true }).waitFor()
  const [cookie, ...others] = await page.context().cookies()
  expect(cookie).toMatchObject({
    name: '__Host-scs-token',
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'Strict',
  })
  expect(others).toEqual([])
  await page.reload()
  await status.getByText('Resolved', { exact: true }).waitFor()
  await main.getByRole('link', { name: 'Newest report' }).click()
  await main.getByRole('heading', { name: 'Trace', exact: true }).waitFor()
  await page.getByRole('link', { name: 'Live tail' }).click()
  await main.getByText('Live', { exact: true }).waitFor()
  await crash('stove')
  await main.getByRole('log').getByRole('link', { name: 'The stove is cold' }).waitFor()
  await page.goto(`${outside}/_scs/reports`)
  await main.getByText('Export', { exact: true }).click()
  const downloading = page.waitForEvent('download')
  await main.getByRole('button', { name: 'As CSV' }).click()
  expect(await text(await (await downloading).createReadStream())).toContain('The stove is cold')
  expect(complaints).toEqual([])
  await close()
})
