// The console, as a plugin of an application and as a program over that application's database.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import scsConsole from '@fastify-scs/console'
import scsPlugin from '@fastify-scs/core'
import store from '@fastify-scs/store'
import Fastify from 'fastify'
import { running } from './running.mjs'

const folder = mkdtempSync(join(tmpdir(), 'scs-smoke-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))
const url = `sqlite:${join(folder, 'scs.db')}`

test('the console opens, for whom it shall', async (t) => {
  const app = Fastify()
  t.after(() => app.close())
  await app.register(scsPlugin, { source: 'orders', audit: false })
  await app.register(store, { url })
  await app.register(scsConsole, { authorize: ({ headers }) => headers['x-who'] === 'me' })
  const address = `${await app.listen({ port: 0, host: '127.0.0.1' })}/_scs/`
  await opens(address, { 'x-who': 'me' })
  assert.equal((await fetch(address)).status, 404)
})

test('the program opens it over a store', async (t) => {
  const program = join('node_modules', '.bin', 'console')
  const { found } = await running(t, [program, url, '--port', '0'], /^The console is at (\S+)$/m)
  await opens(found[1], {})
})

/** Fetches the page and all that it names. */
async function opens(address, headers) {
  const page = await fetch(address, { headers })
  assert.equal(page.status, 200)
  const html = await page.text()
  const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, path]) => path)
  assert.ok(files.length >= 2, 'the page names a script and a style sheet')
  for (const path of [...files, 'api/session'])
    assert.equal((await fetch(new URL(path, address), { headers })).status, 200, path)
}
