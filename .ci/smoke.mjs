// Installs the tarballs with plain npm into an empty folder outside of the workspace, runs the README's example there, opens
// the console and looks whether the queries of a request are in its report.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packAll } from './pack.mjs'
import { CONSOLE_PACKAGES, linkBetterSqlite, smokeConsole } from './smoke-console.mjs'
import { QUERY_PACKAGES, smokeQueries } from './smoke-queries.mjs'

const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8')
const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1]
if (example === undefined) throw new Error('README.md has no example in a js block')

const port = await freePort()
const folder = mkdtempSync(join(tmpdir(), 'scs-smoke-'))
const needed = [...CONSOLE_PACKAGES, ...QUERY_PACKAGES]
const tarballs = packAll()
  .filter(({ name }) => example.includes(`'${name}'`) || needed.includes(name))
  .map(({ tarball }) => tarball)
writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
writeFileSync(join(folder, 'example.js'), example.replace('port: 3000', `port: ${port}`))
execFileSync('npm', ['install', '--no-audit', '--no-fund', 'fastify@5', ...tarballs], {
  cwd: folder,
  stdio: 'inherit',
})

const child = spawn(process.execPath, ['example.js'], {
  cwd: folder,
  stdio: ['ignore', 'pipe', 'inherit'],
})
let output = ''
child.stdout.setEncoding('utf8').on('data', (chunk) => {
  output += chunk
})
try {
  const address = `http://127.0.0.1:${port}`
  await untilServing(address)
  await expectAnswer(`${address}/orders/7`, 200, '{"id":"7"}')
  await expectAnswer(
    `${address}/orders/0`,
    409,
    '{"error":{"id":"orders-closed","message":"This order is closed"}}',
  )
  await expectAnswer(
    `${address}/nowhere`,
    404,
    '{"error":{"id":"not-found","message":"Route GET:/nowhere not found"}}',
  )
  if (!output.includes(`"message":"Order 7 was read by 'null'"`)) {
    throw new Error(`no audit line in:\n${output}`)
  }
  console.log(`The README's example answers as it should:\n${output}`)
  linkBetterSqlite(folder)
  await smokeConsole(folder)
  smokeQueries(folder)
} finally {
  child.kill()
  await once(child, 'close')
  rmSync(folder, { recursive: true, force: true })
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

async function untilServing(address) {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`the example ended with ${child.exitCode}`)
    try {
      await fetch(address)
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  throw new Error('the example does not serve')
}

async function expectAnswer(url, status, body) {
  const answer = await fetch(url)
  const text = await answer.text()
  if (answer.status === status && text === body) return
  throw new Error(`${url} answered ${answer.status} ${text}, not ${status} ${body}`)
}
