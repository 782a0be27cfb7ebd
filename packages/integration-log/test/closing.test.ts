import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildApp, only, type TestOptions } from './build-app.js'

it('calls under way when the app closes are in the store when it opens again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'closing-'))
  const options: TestOptions = {
    store: `sqlite:${join(folder, 'scs.db')}`,
    server: { forceCloseConnections: true },
  }
  const { app } = await buildApp(options)
  const arrived = new Promise<void>((resolve) => {
    app.get('/hook', { integration: { service: 'slow' } }, () => {
      resolve()
      return new Promise<never>(() => undefined)
    })
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const call = fetch(`${url}/hook`).catch(() => undefined)
  await arrived
  await app.close()
  await call
  const again = await buildApp(options)
  expect(only(await again.records())).toMatchObject({
    service: 'slow',
    status: 'Queued',
    error: { message: 'the service stopped before the answer ended' },
  })
  await again.app.close()
  rmSync(folder, { recursive: true })
})

it('a call that ends as the app closes is recorded as it ended', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'closing-'))
  const upstream = createServer((_request, response) => {
    setTimeout(() => response.end('late'), 50)
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  const options: TestOptions = {
    store: `sqlite:${join(folder, 'scs.db')}`,
    log: { services: { slow: { origin } } },
  }
  const { app } = await buildApp(options)
  await app.ready()
  const answer = app.integrations
    .service('slow')
    .fetch('/')
    .then((response) => response.text())
  await new Promise<void>((resolve) => upstream.once('request', () => resolve()))
  await app.close()
  expect(await answer).toBe('late')
  const again = await buildApp(options)
  expect(only(await again.records())).toMatchObject({ status: 'Completed', output: 'late' })
  await again.app.close()
  upstream.close()
  rmSync(folder, { recursive: true })
})
