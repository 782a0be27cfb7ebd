import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'

const EXAMPLES = join(import.meta.dirname, '..')

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, args, {
    cwd: EXAMPLES,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

async function runToEnd(args: readonly string[]): Promise<string> {
  const child = start(args)
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  expect(code, output + errors).toBe(0)
  return output
}

const tested = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .filter(({ name }) => readdirSync(join(EXAMPLES, name)).includes('app.test.js'))
  .map(({ name }) => name)

it.each(tested)('%s passes its own tests, and its process ends', async (name) => {
  const told = await runToEnd(['--test', '--test-reporter=tap', join(name, 'app.test.js')])
  expect(told).toMatch(/^# pass [1-9]/m)
})

it('typed-client tells what became of its purchases, and the document has their errors', async () => {
  expect((await runToEnd(['dist/typed-client/main.js'])).trim().split('\n')).toEqual([
    'Sold out: 0 are left',
    'No such event: chess',
    expect.stringMatching(/^200 .*404 409 .*500$/),
  ])
})

it.each(['first-service', 'payments', 'fleet'])(
  '%s starts, has a console and ends',
  async (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'scs-examples-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const main = join(name, name === 'fleet' ? 'main.js' : 'server.js')
    const child = start([main], { PORT: '0', SCS_STORE_URL: `sqlite:${join(folder, 'scs.db')}` })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
    await expect.poll(() => output).toMatch(/isten(?:ing)? at http:\/\/\S+/)
    const address = /isten(?:ing)? at (http:\/\/\S+)/.exec(output)?.[1]
    const { status } = await fetch(`${address}/_scs/`)
    expect(status).toBe(200)
    const ended = once(child, 'close')
    child.kill('SIGTERM')
    expect((await ended)[0]).toBe(0)
  },
)
