import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'
import { listen } from '../raw-request.js'
import { eachPage } from './each-page.js'

const each = eachPage({ allowed: [/status of (409|502)/] })
let app: FastifyInstance
let upstream: FastifyInstance
let bodies: unknown[]
let status: number
let mayChange: boolean
let url: string
beforeEach(async () => {
  bodies = []
  status = 503
  mayChange = true
  upstream = Fastify()
  upstream.post('/v1/charges', (request, reply) => {
    bodies.push(request.body)
    return reply.code(status).send({ status })
  })
  app = await buildApp({
    origin: await upstream.listen({ host: '127.0.0.1', port: 0 }),
    console: { authorizeChange: () => mayChange },
  })
  url = `http://127.0.0.1:${await listen(app)}/_scs/`
  const answer = await app.integrations.service('stripe').fetch('/v1/charges', {
    method: 'POST',
    body: JSON.stringify({ amount: 7 }),
    headers: { 'content-type': 'application/json' },
  })
  await answer.text()
  await app.integrations.settled()
})
afterEach(async () => {
  await each.leave()
  await Promise.all([app.close(), upstream.close()])
})

const main = () => each.page.getByRole('main')
const openCall = async (): Promise<void> => {
  await each.page.goto(`${url}calls`)
  await main().locator('[data-row]').first().click()
  await main().getByRole('heading', { name: 'Answer', exact: true }).waitFor()
}

it('a failed call is sent again by the keyboard alone, and each attempt leads to the others', async () => {
  await openCall()
  const sendAgain = main().getByRole('button', { name: 'Send again', exact: true })
  await sendAgain.focus()
  await each.page.keyboard.press('Enter')
  const dialog = each.page.getByRole('dialog', { name: 'Send this call again?' })
  await dialog.waitFor()
  await each.page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  expect(await sendAgain.evaluate((button) => button === document.activeElement)).toBe(true)
  expect(bodies).toHaveLength(1)
  status = 200
  await each.page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Send again' }).focus()
  await each.page.keyboard.press('Enter')
  // It is shown for some seconds only.
  await each.page.getByText('The call was sent again').waitFor()
  const attempts = main().getByRole('table', { name: /^Attempts/ })
  await attempts.getByText('2, this one').waitFor()
  expect(bodies).toEqual([{ amount: 7 }, { amount: 7 }])
  await main().getByText('Completed', { exact: true }).first().waitFor()
  await attempts.locator('[data-row]').first().click()
  await attempts.getByText('1, this one').waitFor()
  // It has succeeded meanwhile.
  expect(await sendAgain.count()).toBe(0)
})

it('a call that nobody may send again has no button for it', async () => {
  mayChange = false
  await openCall()
  expect(await main().getByRole('button', { name: 'Send again' }).count()).toBe(0)
})
