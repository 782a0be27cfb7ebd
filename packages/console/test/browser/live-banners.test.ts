import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { buildApp } from '../build-app.js'
import { listen } from '../raw-request.js'
import { eachPage } from './each-page.js'

/** What the browser itself says while the server is away; one that is about to close answers 503. */
const AWAY =
  /ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET)|Failed to fetch|status of 503/

const each = eachPage({ allowed: [AWAY] })
let app: FastifyInstance
let port: number
beforeEach(async () => {
  app = await buildApp({ after: addRoute })
  port = await listen(app)
  await each.page.goto(`http://127.0.0.1:${port}/_scs/live`)
  await each.page.getByText('Live', { exact: true }).waitFor()
})
afterEach(async () => {
  await each.leave()
  await app.close()
})

function addRoute(app: FastifyInstance): void {
  app.get('/kettle', async () => {
    throw new Error('The kettle is empty')
  })
}

async function crash(): Promise<void> {
  await (await fetch(`http://127.0.0.1:${port}/kettle`)).text()
}

const kettles = () => each.page.getByRole('log').getByRole('link', { name: 'The kettle is empty' })

it('a lost connection is told of, and goes on by itself when the service is there again', async () => {
  await crash()
  await kettles().first().waitFor()
  await app.close()
  await each.page.getByText('The connection is lost. It is being opened again …').waitFor()
  await each.page.getByText('Not connected', { exact: true }).waitFor()
  // What was shown stays.
  expect(await kettles().count()).toBe(1)
  app = await buildApp({ after: addRoute })
  await app.listen({ host: '127.0.0.1', port })
  await each.page.getByText('Live', { exact: true }).waitFor()
  await each.page.getByText('The connection is lost.').waitFor({ state: 'detached' })
  await crash()
  await kettles().nth(1).waitFor()
})

it('a store that answers slowly is told of as a lag, until it keeps up again', async () => {
  const find = app.scsStore.find.bind(app.scsStore)
  const slow = vi.spyOn(app.scsStore, 'find').mockImplementation(async (...asked) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    return find(...asked)
  })
  const banner = each.page.getByText(/^The tail cannot keep up: \d+ s behind/)
  await banner.waitFor()
  slow.mockRestore()
  await banner.waitFor({ state: 'detached' })
  await crash()
  await kettles().first().waitFor()
})
