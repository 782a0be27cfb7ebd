import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import consolePlugin from '../../src/plugin.js'
import { eachPage } from './each-page.js'

// Not the demo, and no watch of slow calls: on a busy machine they have new groups at any time.
const watched = eachPage()
let app: FastifyInstance
let url: string

beforeAll(async () => {
  app = Fastify()
  await app.register(scsPlugin, { source: 'shop', audit: false })
  await app.register(store, { url: 'memory:' })
  await app.register(errorReporter, { apiName: 'shop', errorReporter: () => {} })
  await app.register(consolePlugin, { authorize: () => true })
  app.get('/kettle', () => Promise.reject(new Error('The kettle is empty')))
  app.get('/oven', () => Promise.reject(new Error('The oven is cold')))
  app.get('/kitchen', () => Promise.reject(new Error('The kitchen is closed')))
  url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/_scs/`
})
afterAll(() => app.close())

async function crash(path: string): Promise<void> {
  await app.inject(path)
  await app.errorReporter.flush()
  await app.scsStore.flush()
}

it('the bell tells of new groups until they are seen, and then of newer ones', async () => {
  const { page } = watched
  await crash('/kettle')
  await crash('/oven')
  let answer = (): void => undefined
  const isAnswered = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route(/api\/groups\?status=open&newFrom/, async (route) => {
    await isAnswered
    await route.continue()
  })
  await page.goto(url)
  const silent = page.getByRole('button', { name: 'No new groups' })
  // It has nothing to tell of before the answer.
  await silent.waitFor()
  answer()
  await page.getByRole('button', { name: '2 new groups' }).click()
  const told = page.getByRole('region', { name: 'New groups of errors' })
  expect(await told.getByRole('link').count()).toBe(2)
  await told.getByRole('button', { name: 'Mark all as seen' }).click()
  await silent.waitFor()

  await crash('/kitchen')
  await page.reload()
  await page.getByRole('button', { name: '1 new group', exact: true }).click()
  await told.getByRole('link', { name: 'The kitchen is closed' }).waitFor()
})
