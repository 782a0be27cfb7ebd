import helmet from '@fastify/helmet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectBrowser } from '../../../console/test/browser/browser.js'
import { openWatched } from '../../../console/test/browser/watched-page.js'
import { expectError } from './error-answer.js'
import { type Parts, SETUPS, type Setup, startFamily } from './family.js'
import { ask } from './raw-answer.js'

let browser: Awaited<ReturnType<typeof connectBrowser>>
beforeAll(async () => {
  browser = await connectBrowser()
})
afterAll(() => browser.close())

const parts: Parts = {
  plugin: (app) => app.register(helmet),
  routes: (app) =>
    app.get('/kettle', async () => {
      throw new Error('The kettle is empty')
    }),
}

describe.each(SETUPS)('@fastify/helmet, registered $order, $format', (setup) => {
  it('has its headers on error answers', async () => {
    const { address } = await startFamily(setup, parts)
    const answer = await fetch(`${address}/nowhere`)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(answer.headers.get('x-frame-options')).toBe('SAMEORIGIN')
    expect(answer.headers.get('strict-transport-security')).not.toBeNull()
    await expectError(answer, setup.format, {
      status: 404,
      id: 'not-found',
      message: 'Route GET:/nowhere not found',
    })
  })
})

// The page does not depend on the format of errors.
describe.each([SETUPS[0], SETUPS[3]])('@fastify/helmet, registered $order', (setup) => {
  it('the console has its own, stricter policy once, and its page works in Chromium', async () => {
    const { address, settled } = await startFamily(setup as Setup, parts)
    await (await fetch(`${address}/kettle`)).text()
    await settled()
    const { headers } = await ask(address, '/_scs/')
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    })
    const { page, complaints, close } = await openWatched(browser)
    await page.goto(`${address}/_scs/groups`)
    await page.getByRole('link', { name: 'The kettle is empty' }).click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(complaints).toEqual([])
    await close()
  })
})
