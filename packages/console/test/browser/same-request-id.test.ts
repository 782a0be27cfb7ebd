import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'
import { listen } from '../raw-request.js'
import { eachPage } from './each-page.js'

const each = eachPage()
let app: FastifyInstance
let address: string
beforeEach(async () => {
  app = await buildApp({
    server: { genReqId: () => 'req-1' },
    after: (app) => {
      for (const thing of ['kettle', 'oven'])
        app.get(`/${thing}`, async () => {
          throw new Error(`The ${thing} is cold`)
        })
    },
  })
  address = `http://127.0.0.1:${await listen(app)}`
  for (const thing of ['kettle', 'oven']) await (await fetch(`${address}/${thing}`)).text()
  await app.errorReporter.flush()
})
afterEach(async () => {
  await each.leave()
  await app.close()
})

it('a report leads to its own request, and from there to the others with the same id', async () => {
  const main = each.page.getByRole('main')
  const timeline = main.getByRole('list', { name: 'Time line of the request' })
  await each.page.goto(`${address}/_scs/reports`)
  await main.getByRole('link', { name: 'The kettle is cold' }).click()
  await timeline.getByText('The kettle is cold').waitFor()
  expect(await timeline.getByText('The oven is cold').count()).toBe(0)
  await main.getByRole('link', { name: 'All of this request' }).click()
  await timeline.getByText('The kettle is cold').waitFor()
  await main.getByText('Other requests had the same id:').waitFor()
  await main.getByRole('link', { name: /, 1 record$/ }).click()
  await timeline.getByText('The oven is cold').waitFor()
  expect(await timeline.getByText('The kettle is cold').count()).toBe(0)
  await each.page.goBack()
  await timeline.getByText('The kettle is cold').waitFor()
})
