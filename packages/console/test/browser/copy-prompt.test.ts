import scsPlugin from '@fastify-scs/core'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import consolePlugin from '../../src/plugin.js'
import { causeRecords } from './cause-records.js'
import { eachPage } from './each-page.js'
import { untilLoaded } from './watched-page.js'

const watched = eachPage()
let app: FastifyInstance
let url: string
const { crash } = causeRecords(Date.now() - 60_000)

beforeAll(async () => {
  app = Fastify()
  await app.register(scsPlugin, { source: 'shop', audit: false })
  await app.register(store, { url: 'memory:' })
  await app.register(consolePlugin, { authorize: () => true })
  url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/_scs/`
  app.scsStore.write(crash)
  await app.scsStore.flush()
})
afterAll(() => app.close())

it('a report is copied as a prompt: the text that the server writes', async () => {
  const { page } = watched
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(`${url}reports/${crash.id}`)
  await untilLoaded(page)
  await page.getByRole('button', { name: 'Copy as prompt' }).click()
  await page.getByText('Copied').waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  const { text } = (await (await fetch(`${url}api/prompts/${crash.id}`)).json()) as { text: string }
  expect(copied).toBe(text)
  expect(copied).toContain('| src/prices.ts:40')
})
