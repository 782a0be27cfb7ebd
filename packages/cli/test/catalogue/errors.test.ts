import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { jsonOf, runPiped } from '../run-program.js'

const folder = mkdtempSync(join(tmpdir(), 'scs-cli-errors-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('says what a code of the packages means, and which code was meant', async () => {
  const { code, out } = await runPiped('errors', 'scs_store_err_filter')
  expect(code).toBe(0)
  expect(jsonOf(out)).toMatchObject([
    { code: 'SCS_STORE_ERR_FILTER', package: '@fastify-scs/store' },
  ])
  const wrong = await runPiped('errors', 'SCS_STORE_ERR_FILTR')
  expect(wrong).toMatchObject({ code: 3, err: expect.stringContaining('"SCS_STORE_ERR_FILTER"') })
})

it('lists what the clients of an application get, from a module that exports a plugin', async () => {
  const path = join(folder, 'app.mjs')
  writeFileSync(
    path,
    `export default async function orders(app) {
      const soldOut = app.scs.registerError({ code: 409, id: 'orders-sold-out', message: 'Sold out' })
      app.get('/orders', { config: {}, throws: [soldOut] }, async () => 'ok')
    }`,
  )
  const { code, out, err } = await runPiped('errors', 'orders-sold-out', '--app', path)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(jsonOf(out)).toMatchObject([
    { code: 409, id: 'orders-sold-out', routes: [{ method: 'GET', url: '/orders' }] },
  ])
  expect((await runPiped('errors', '--app', path, '--markdown')).out).toContain(
    '## orders-sold-out',
  )
})

it('says why a module gives no errors', async () => {
  const { code, err } = await runPiped('errors', '--app', join(folder, 'none.mjs'))
  expect(code).toBe(1)
  expect(err).toContain('SCS_CLI_ERR_NO_CATALOGUE')
})
