import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
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

it('says why an address gives no errors, whatever answers there', async () => {
  const answers = ['{"errors":[{"id":7}]}', '{"errors":[null]}', '[]', 'no JSON']
  const server = createServer((request, response) => {
    response.end(answers[Number(request.url?.slice(1))])
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    for (const index of answers.keys()) {
      const { code, err } = await runPiped('errors', '--url', `${origin}/${index}`, '--markdown')
      expect({ index, code }).toEqual({ index, code: 1 })
      expect(err).toContain('SCS_CLI_ERR_NO_CATALOGUE')
      expect(err).not.toContain('undefined')
    }
  } finally {
    server.close()
  }
  // One whose port nobody has connected to.
  const gone = createServer().listen(0, '127.0.0.1')
  await once(gone, 'listening')
  const { port } = gone.address() as AddressInfo
  gone.close()
  await once(gone, 'close')
  const away = await runPiped('errors', '--url', `http://127.0.0.1:${port}/`)
  expect(away.err).toContain('ECONNREFUSED')
})

it('says why a module gives no errors', async () => {
  const { code, err } = await runPiped('errors', '--app', join(folder, 'none.mjs'))
  expect(code).toBe(1)
  expect(err).toContain('SCS_CLI_ERR_NO_CATALOGUE')
})

it('says why an application that registers core itself does not start', async () => {
  const path = join(folder, 'failing.mjs')
  const core = import.meta.resolve('@fastify-scs/core')
  writeFileSync(
    path,
    `import scsPlugin from ${JSON.stringify(core)}
    export default async function orders(app, options) {
      await app.register(scsPlugin, { audit: false })
      throw new Error('the database refuses')
    }`,
  )
  const { code, err } = await runPiped('errors', '--app', path)
  expect(code).toBe(1)
  expect(err).toContain('the database refuses')
})
