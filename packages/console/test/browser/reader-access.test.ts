import basicAuth from '@fastify/basic-auth'
import type { FastifyInstance } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type AppSetup, buildApp } from '../build-app.js'
import { connectBrowser } from './browser.js'
import { openWatched, untilChanged } from './watched-page.js'

let browser: Browser
let app: FastifyInstance | undefined
beforeAll(async () => {
  browser = await connectBrowser()
})
afterAll(() => browser.close())
afterEach(() => app?.close())

/** Listens with a crash in the store; the address of the console. */
async function start(console: AppSetup['console'], before?: AppSetup['before']): Promise<string> {
  app = await buildApp({
    console: { authorizeChange: () => true, ...console },
    ...(before === undefined ? {} : { before }),
    after: (each) =>
      each.get('/kettle', async () => {
        throw new Error('The kettle is empty')
      }),
  })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  await (await fetch(`${address}/kettle`)).text()
  await app.errorReporter.flush()
  await app.scsStore.flush()
  return `${address}/_scs/`
}

const openGroup = async (page: Page, url: string): Promise<void> => {
  await page.goto(`${url}groups`)
  await page.getByRole('link', { name: 'The kettle is empty' }).click()
  await page.getByRole('button', { name: 'Resolve', exact: true }).waitFor()
}
const statusOf = (page: Page) => page.getByRole('region', { name: 'Status', exact: true })

it('with basic authentication the browser is challenged, and who has logged in sees and changes', async () => {
  const url = await start(
    {
      authorize: (request, reply) =>
        new Promise((resolve) => {
          request.server.basicAuth(request, reply, (error) => {
            resolve(error === undefined || reply.send(error))
          })
        }),
    },
    (each) =>
      each.register(basicAuth, {
        authenticate: { realm: 'console' },
        validate: async (name, password) => {
          if (name !== 'ops' || password !== 'secret') throw new Error('wrong')
        },
      }),
  )
  const stranger = await openWatched(browser, { allowed: [/status of 401/] })
  expect((await stranger.page.goto(url))?.status()).toBe(401)
  await stranger.close()
  // Sent by the browser after the challenge, as when somebody fills its form in.
  const { page, complaints, close } = await openWatched(browser, {
    httpCredentials: { username: 'ops', password: 'secret' },
  })
  await openGroup(page, url)
  await page.getByRole('button', { name: 'Resolve', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click()
  await statusOf(page).getByText('Resolved', { exact: true }).waitFor()
  expect(complaints).toEqual([])
  await close()
})

it('a stranger sees in the browser what is at any other unknown address', async () => {
  const url = await start({ authorize: () => false })
  const { page, close } = await openWatched(browser, { allowed: [/status of 404/] })
  const seen = async (address: string) => {
    const answer = await page.goto(address)
    const headers = Object.entries((await answer?.allHeaders()) ?? {})
    return {
      status: answer?.status(),
      headers: headers.filter(([name]) => name !== 'date' && name !== 'content-length'),
      html: (await page.content()).replaceAll(new URL(address).pathname, '<path>'),
      cookies: await page.context().cookies(),
    }
  }
  const elsewhere = await seen(new URL('/nowhere', url).href)
  expect(elsewhere.status).toBe(404)
  for (const path of ['', 'groups', 'api/session'])
    expect(await seen(url + path)).toEqual(elsewhere)
  await close()
})

it('whose session ends while the page is open is told so, and goes on when it is there again', async () => {
  let isSignedIn = true
  const url = await start({ authorize: () => isSignedIn })
  const { page, close } = await openWatched(browser, { allowed: [/status of 404/] })
  await openGroup(page, url)
  isSignedIn = false
  await page.getByRole('button', { name: 'Resolve', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click()
  await page.getByText(/Not changed.*no longer allowed to see it.*Sign in again/).waitFor()
  await statusOf(page).getByText('Open', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Calls', exact: true }).click()
  const told = page
    .getByRole('main')
    .getByRole('alert')
    .getByText(/no longer allowed to see it/)
  await told.first().waitFor()
  isSignedIn = true
  await page.reload()
  await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor()
  expect(await told.count()).toBe(0)
  await close()
})

it('a record that is not there is told apart from a session that has ended', async () => {
  const url = await start({ authorize: () => true })
  const { page, close } = await openWatched(browser, { allowed: [/status of 404/] })
  await page.goto(`${url}reports/01a217be-4035-7940-a090-c842f3d701f9`)
  await page.getByRole('main').getByRole('alert').waitFor()
  expect(await page.getByText(/no longer allowed/).count()).toBe(0)
  await close()
})

it('two tabs that are opened at once can both change something, and the slower one is told of the other', async () => {
  const url = await start({ authorize: () => true })
  const {
    page: one,
    complaints,
    close,
  } = await openWatched(browser, {
    allowed: [/status of (403|409)/],
  })
  const other = await one.context().newPage()
  await Promise.all([openGroup(one, url), openGroup(other, url)])
  await one.getByRole('button', { name: 'Mute', exact: true }).click()
  const muting = one.getByRole('dialog', { name: 'Mute the group' })
  await muting.getByLabel('Why').fill('A known defect')
  await other.getByRole('button', { name: 'Resolve', exact: true }).click()
  await untilChanged(one, () => muting.getByRole('button', { name: 'Mute' }).click())
  await statusOf(one).getByText('Muted', { exact: true }).waitFor()
  await other.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click()
  await other.getByText('changed this group meanwhile').waitFor()
  await untilChanged(other, () => other.getByRole('button', { name: 'Make my change' }).click())
  await statusOf(other).getByText('Resolved', { exact: true }).waitFor()
  await one.reload()
  await statusOf(one).getByText('Resolved', { exact: true }).waitFor()
  expect(complaints).toEqual([])
  await close()
})

it('a tab whose token is no longer that of the browser gets a new one by itself', async () => {
  const url = await start({ authorize: () => true })
  const { page, complaints, close } = await openWatched(browser, { allowed: [/status of 403/] })
  await openGroup(page, url)
  // As when two tabs are the first ones of a browser, and both get a token.
  await page.context().clearCookies()
  await page.request.get(`${url}api/session`)
  await page.getByRole('button', { name: 'Resolve', exact: true }).click()
  await untilChanged(page, () =>
    page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click(),
  )
  await page.reload()
  await statusOf(page).getByText('Resolved', { exact: true }).waitFor()
  expect(complaints).toEqual([])
  await close()
})
