// The console of the tarballs: as a plugin of an application, and by its program over that application's database.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'

/** What it needs, without PostgreSQL. */
export const CONSOLE_PACKAGES = ['core', 'store', 'store-sqlite', 'console'].map(
  (each) => `@fastify-scs/${each}`,
)

const APPLICATION = `
import Fastify from 'fastify'
import scsConsole from '@fastify-scs/console'
import scsPlugin from '@fastify-scs/core'
import store from '@fastify-scs/store'

const app = Fastify()
await app.register(scsPlugin, { source: 'orders', audit: false })
await app.register(store, { url: 'sqlite:./scs.db' })
await app.register(scsConsole, { authorize: ({ headers }) => headers['x-who'] === 'me' })
const address = await app.listen({ port: 0, host: '127.0.0.1' })
console.log('The console is at ' + address + '/_scs/')
process.once('SIGINT', () => app.close())
`

/** Node 20 has no driver of its own. The workspace's is used: to compile one takes a minute. */
export function linkBetterSqlite(folder) {
  if (isBuiltin('node:sqlite')) return
  const ours = join(import.meta.dirname, '..', 'packages/store-sqlite/node_modules/better-sqlite3')
  symlinkSync(realpathSync(ours), join(folder, 'node_modules', 'better-sqlite3'))
}

/** Opens the page in both ways, and fetches all that it names. The packages and a driver are installed in the folder. */
export async function smokeConsole(folder) {
  writeFileSync(join(folder, 'console.js'), APPLICATION)
  await withConsole(folder, ['console.js'], async (address) => {
    await expectPage(address, { 'x-who': 'me' })
    const { status } = await fetch(address)
    if (status !== 404) throw new Error(`a stranger got ${status} from ${address}`)
  })
  const program = join('node_modules', '.bin', 'console')
  await withConsole(folder, [program, 'sqlite:./scs.db', '--port', '0'], (address) =>
    expectPage(address, {}),
  )
  console.log('The console opens as a plugin and as a program')
}

async function withConsole(folder, args, look) {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  try {
    let address
    while (address === undefined) {
      if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`)
      await Promise.race([once(child.stdout, 'data'), closed])
      address = /^The console is at (\S+)$/m.exec(text)?.[1]
    }
    await look(address)
  } finally {
    child.kill('SIGINT')
    await closed
  }
}

async function expectPage(address, headers) {
  const page = await fetch(address, { headers })
  const html = await page.text()
  const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, path]) => path)
  if (page.status !== 200 || files.length < 2)
    throw new Error(`${address} answered ${page.status} with the files [${files}]`)
  for (const path of [...files, 'api/session']) {
    const { status } = await fetch(new URL(path, address), { headers })
    if (status !== 200) throw new Error(`${path} of the console answered ${status}`)
  }
}
