import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeExampleStore } from './example-store.js'
import { runAtTerminal } from './run-program.js'

const README = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'scs-cli-readme-'))
const url = `sqlite:${join(folder, 'scs.db')}`
beforeAll(() => writeExampleStore(url))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What stands in the README as seen at a terminal of 100 columns: a command, and its output. */
const SESSIONS = [...README.matchAll(/^```text\n\$ fastify-scs ([^\n]*)\n(.*?)^```$/gms)].map(
  ([, command = '', shown = '']) => ({ command, shown }),
)

/** What is not the same on each machine. */
const plain = (text: string) =>
  text
    .replace(/size \(sqlite\).*/, 'size')
    .replaceAll(url, 'sqlite:./scs.db')
    .replace(/(ok {4}(?:node|packages|disk|driver|permissions|newest record)): .*/g, '$1')

it('the README shows what the commands really say', async () => {
  expect(SESSIONS.length).toBeGreaterThan(8)
  for (const { command, shown } of SESSIONS) {
    const args = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word)
    const at = { columns: 100, env: { NO_COLOR: '1' } }
    const { out, err } = await runAtTerminal(['--store', url, ...(args as string[])], at)
    const said = out === '' ? err : out
    expect(plain(said), command).toBe(plain(shown))
  }
})

it('the README names each command', async () => {
  const { out } = await runAtTerminal(['--help'])
  const names = [...out.matchAll(/^ {2}([a-z]+) /gm)].flatMap(([, name]) => name ?? [])
  for (const name of names.filter((each) => each !== 'help'))
    expect(README, name).toContain(`\`${name}`)
})
