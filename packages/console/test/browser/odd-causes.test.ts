import scsPlugin from '@fastify-scs/core'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import consolePlugin from '../../src/plugin.js'
import { eachPage } from './each-page.js'
import { oddReports } from './odd-cause-records.js'
import { untilLoaded } from './watched-page.js'

const watched = eachPage()
const reports = oddReports(Date.now() - 60_000)
let app: FastifyInstance
let url: string

beforeAll(async () => {
  app = Fastify()
  await app.register(scsPlugin, { source: 'shop', audit: false })
  await app.register(store, { url: 'memory:' })
  await app.register(consolePlugin, { authorize: () => true })
  url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/_scs/`
  for (const record of reports.values()) app.scsStore.write(record)
  await app.scsStore.flush()
})
afterAll(() => app.close())

it.each([...reports.keys()])(
  'a report %s is shown whole, and nothing of it is wider than the screen',
  async (name) => {
    const { page } = watched
    const record = reports.get(name)
    await page.goto(`${url}reports/${record?.id}`)
    await untilLoaded(page)
    const main = page.getByRole('main')
    // The last of its panels: none before it has failed.
    await main.getByRole('region', { name: 'Ids', exact: true }).waitFor()
    await main.getByRole('list', { name: 'Time line of the request' }).waitFor()
    await page.evaluate(() => {
      for (const each of document.querySelectorAll('details')) each.open = true
    })
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: 900 })
      const wide = await page.evaluate(() => {
        const most = document.documentElement.clientWidth
        const elements = [...document.querySelectorAll('main *')]
        return elements
          .filter((each) => each.getBoundingClientRect().right > most + 1)
          .map((each) => `${each.tagName} ${each.className} ${each.textContent?.slice(0, 40)}`)
          .slice(0, 5)
      })
      expect.soft({ width, wide }).toEqual({ width, wide: [] })
    }
    const text = (await main.textContent()) ?? ''
    for (const wrong of ['NaN', 'querys', 'undefined ', 'Infinity', '[object', '-5 ms'])
      expect.soft(text).not.toContain(wrong)
  },
)
