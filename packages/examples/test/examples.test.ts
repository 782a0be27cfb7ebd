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

/** Starts an example on a store of its own and waits until it listens. */
async function listening(program: string) {
  const folder = mkdtempSync(join(tmpdir(), 'scs-examples-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const SCS_STORE_URL = `sqlite:${join(folder, 'scs.db')}`
  const child = start([program], { PORT: '0', WORKERS: '2', SCS_STORE_URL })
  const closed = once(child, 'close')
  const errors = text(child.stderr)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
  })
  const printed = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(output)?.[1]
      if (found !== undefined) return found
      if (child.exitCode !== null) throw new Error(`${program} ended: ${await errors}`)
      await Promise.race([once(child.stdout, 'data'), closed])
    }
  }
  return { child, closed, errors, printed, address: await printed(/isten(?:ing)? at (\S+)/) }
}

it.each(['first-service/server.js', 'payments/server.js', 'fleet/main.js'])(
  '%s starts, has a console and ends',
  async (program) => {
    const { child, closed, errors, address } = await listening(program)
    const { status } = await fetch(`${address}/_scs/`)
    expect(status).toBe(200)
    child.kill('SIGTERM')
    const [code] = await closed
    expect(code, await errors).toBe(0)
  },
)

it('fleet replaces a process that dies', async () => {
  const { address, printed } = await listening('fleet/main.js')
  const { pid } = (await (await fetch(address)).json()) as { pid: number }
  process.kill(pid, 'SIGKILL')
  await printed(new RegExp(`^Process ${pid} has died, (\\d+) takes its place$`, 'm'))
})

it('fleet ends with the error of a process that cannot start', async () => {
  const child = start(['fleet/main.js'], { PORT: '0', SCS_STORE_URL: 'mysql://nowhere' })
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
  expect(code).toBe(1)
  expect(errors.split('SCS_STORE_ERR_URL')).toHaveLength(2)
})
