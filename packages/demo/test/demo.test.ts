import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'

// Each start is a process that looks whether everything is built.
vi.setConfig({ testTimeout: 120_000 })

const launcher = join(import.meta.dirname, '..', 'start.mjs')
const root = join(import.meta.dirname, '..', '..', '..')

interface Ended {
  readonly text: string
  readonly code: number | null
}

/** Collects what a child prints; `seen` resolves when a text has come, and `ended` when the child has. */
function watch(child: ChildProcess): {
  seen(text: string): Promise<void>
  text(): string
  ended(): Promise<Ended>
} {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      child.emit('text')
    })
  }
  const closed = once(child, 'close')
  return {
    seen: async (expected) => {
      while (!text.includes(expected)) {
        await Promise.race([
          once(child, 'text'),
          closed.then(() => Promise.reject(new Error(`ended without "${expected}":\n${text}`))),
        ])
      }
    },
    text: () => text,
    ended: async () => {
      const [code] = await closed
      return { text, code }
    },
  }
}

const runs = mkdtempSync(join(tmpdir(), 'scs-demo-'))
afterAll(() => rmSync(runs, { recursive: true }))

function start(...args: readonly string[]): Promise<Ended> {
  return startWith({}, ...args)
}

function startWith(more: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Ended> {
  const env = { ...process.env, ...more }
  return watch(spawn(process.execPath, [launcher, '--folder', runs, ...args], { env })).ended()
}

// A file that was changed after its process has started is not shown in reports: the first start builds all of them.
const justBuilt = { NODE_OPTIONS: `--import=${join(import.meta.dirname, 'just-built.mjs')}` }

// Both at the same time: neither may touch the other's files.
const together = Promise.all([
  startWith(justBuilt, '--once', '--port', '0'),
  start('--once', '--port', '0'),
])

it('the demo answers its script, prints the audit lines, keeps its secrets and ends', async () => {
  const [{ text, code }] = await together
  expect(code).toBe(0)
  expect(text).toContain('201 Created')
  expect(text).toContain("audit INFO: User 'ann' has ordered 2 of tea")
  expect(text).toContain('409 Conflict {"error":{"id":"orders-sold-out"')
  expect(text).toContain('500 Internal Server Error {"error":{"id":"orders-stock-unreachable"')
  expect(text).toContain('log ERROR: StockUnreachable: connect postgres://[redacted]@10.0.0.7')
  expect(text).toContain('429 Too Many Requests {"error":{"id":"login-guard-rate-limited"')
  expect(text.match(/ {8}login-guard-attempt-failed/g)).toHaveLength(3)
  expect(text.match(/Z login-guard-attempt-failed: A false/g)).toHaveLength(3)
  expect(text).toContain('FATAL BACKEND ERROR orders 500 ORDERS_STOCK_UNREACHABLE: GET /stock')
  expect(text).toContain('FATAL BACKEND ERROR orders 503 SERVICE_UNAVAILABLE: GET /health')
  expect(text).toContain('GET /export calltime exceeded 50 millisec!')
  expect(text).toMatch(
    /GET \/orders\/with-lines calltime exceeded 50 millisec!\n.*\n +within it 101 times SELECT article, amount FROM order_lines WHERE order_id = \?, \d+ ms\n/,
  )
  expect(text).toMatch(
    /GET \/coupons\/:code blocked the event loop for \d+ millisec!\n.*\n +at .*src\/coupons\.ts:\d+: return COUPON_CODE\.test\(text\)\n/,
  )
  expect(text).toMatch(
    /GET \/report: Cannot read .*\n.*\n +at .*src\/orders\.ts:\d+: return \{ cocoa: total\.toFixed\(2\) \}\n/,
  )
  expect(text).toMatch(
    /POST \/orders\/:id\/payment calltime exceeded 500 millisec!\n.*\n +within it POST http:.*\/v1\/charges: Completed after \d+ ms/,
  )
  expect(text).toMatch(/-> POST .*\/v1\/charges Completed \(201, .*\n +data: .*"\[redacted\]"/)
  expect(text).toMatch(/-> POST .*\/v1\/charges Failed \(402, [\s\S]*error: .*card_declined/)
  expect(text).toMatch(/-> POST .*\/v1\/charges Failed \(no answer, [\s\S]*due to timeout/)
  expect(text).toMatch(
    /-> GET .*\/v1\/events Completed \(200, .*\n +output: "event: charge.settled/,
  )
  expect(text).toMatch(/<- POST .*\/webhooks\/payments Completed \(202, .*\) evt_1\n/)
  expect(text).toContain('6 of 7 belong to order 2')
  // On a busy machine other calls are slow as well, or hold the event loop up, and are reported.
  const { events, reports, waiting } =
    /(?<events>\d+) audit events, (?<reports>\d+) reports: \d+ written, (?<waiting>\d+) waiting/.exec(
      text,
    )?.groups ?? {}
  expect([events, waiting]).toEqual(['4', '0'])
  expect(Number(reports)).toBeGreaterThanOrEqual(11)
  const logged = text.replaceAll(/^> .*/gm, '')
  for (const secret of ['hunter2', '4242424242424242', 'secret_jFqW', 'sk_live'])
    expect(logged).not.toContain(secret)
})

it('a payment is completed by a webhook that knows its key, and the webhook belongs to its order', async () => {
  const [{ text }] = await together
  const [before, after] = text
    .split('\n# ')
    .filter((step) => step.includes('> GET /payments/pay-5'))
  expect(before).toContain('{"payment":"pay-5","status":"Authorized","order":"2","output":')
  expect(after).toContain(
    '{"payment":"pay-5","status":"Completed","order":"2","output":{"settledBy":"evt_1"}}',
  )
  expect(text).toMatch(
    /-> POST .*\/v1\/charges Completed \(201, .*\) pay-5\n.*\n +output: \{"settledBy":"evt_1"\}/,
  )
})

it('an error of another service goes to the client as it is, under one error id in both logs', async () => {
  const [{ text }] = await together
  const step = text.split('\n# ').find((each) => each.includes('> GET /orders/2/customer'))
  expect(step).toContain(
    '503 Service Unavailable {"error":{"id":"ledger-closed","message":"The books are being closed; please come back in an hour"}}',
  )
  const errorId = /x-error-id: (\S+)/.exec(step ?? '')?.[1]
  expect(errorId).toMatch(/^[\w-]{36}$/)
  for (const log of ['The application log', 'The log of the customers service']) {
    const path = new RegExp(`^${log} is (.*)$`, 'm').exec(text)?.[1] ?? ''
    const lines = readFileSync(path, 'utf8').split('\n')
    expect(lines.filter((line) => line.includes(`"errorId":"${errorId}"`))).not.toEqual([])
  }
})

it('a known route with another method names the allowed ones', async () => {
  const [{ text }] = await together
  expect(text).toMatch(
    /> PUT \/orders\n< 405 Method Not Allowed \{"error":\{"id":"method-not-allowed".*\n {2}allow: GET, HEAD, POST\n/,
  )
})

it('lines caused by a request are printed under it, and a line without an error type shows none', async () => {
  const [{ text }] = await together
  const steps = text.split('\n# ')
  const linesOf = (path: string): string[] =>
    steps
      .filter((step) => step.includes(`> GET ${path}\n`))
      .flatMap((step) => step.split('\n').filter((line) => line.includes(' log ERROR: ')))
  expect(linesOf('/stock')).toHaveLength(2)
  expect(linesOf('/report')).toHaveLength(4)
  expect(linesOf('/health')).toHaveLength(2)
  for (const path of ['/stock', '/report', '/health']) {
    for (const line of linesOf(path)) if (line.includes('FATAL')) expect(line).toContain(path)
  }
  expect(linesOf('/orders')).toHaveLength(0)
  expect(text).not.toContain('null:')
})

it('a second start leaves the files of the first alone', async () => {
  const ends = await together
  const databases = ends.map(({ text }) => /^The store is (.*)$/m.exec(text)?.[1] ?? '')
  expect(new Set(databases).size).toBe(2)
  for (const database of databases) expect(existsSync(database)).toBe(true)
})

it.each(['abc', '-1', '65536', '3000.5', ''])(
  'the port %j is refused in one sentence, with the usage',
  async (port) => {
    const { text, code } = await start(`--port=${port}`)
    expect(code).toBe(2)
    expect(text).toContain(`--port ${port} is not a port`)
    expect(text).toContain('Usage: corepack pnpm start')
    expect(text).not.toMatch(/^ +at /m)
  },
)

it('an unknown option is refused with the usage', async () => {
  const { text, code } = await start('--prot', '3000')
  expect(code).toBe(2)
  expect(text).toContain("Unknown option '--prot'")
  expect(text).toContain('Usage: corepack pnpm start')
  expect(text).not.toMatch(/^ +at /m)
})

it('--help shows the usage and starts nothing', async () => {
  const { text, code } = await start('--help')
  expect(code).toBe(0)
  expect(text).toMatch(/^Usage: corepack pnpm start/)
  expect(text).not.toContain('Building')
})

it('a busy port is explained in one sentence', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const { text, code } = await start('--port', String(port))
  taken.close()
  expect(code).toBe(1)
  expect(text).toContain(`Port ${port} is in use.`)
  expect(text).not.toMatch(/^ +at /m)
})

it('a folder that cannot be written to is explained, without a stack', async () => {
  const { text, code } = await start('--folder', join(root, 'package.json'))
  expect(code).toBe(1)
  expect(text).toContain(`No folder can be made in ${join(root, 'package.json')}: `)
  expect(text).toContain('Give another --folder')
  expect(text).not.toMatch(/^ +at /m)
})

/** Sends what a command with curl would send; its status. */
async function statusOf(command: string): Promise<number> {
  const { url = '', header } =
    /(?:-H '(?<header>[^']+)' )(?<url>http\S+)/.exec(command)?.groups ?? {}
  const [name = '', value = ''] = header?.split(': ') ?? []
  return (await fetch(url, { headers: { [name]: value } })).status
}

it('announces the build, what it suggests to try works, and Ctrl-C ends it under pnpm without an error', async () => {
  // A process group of its own gets the signal as a whole, as from a terminal.
  const args = ['pnpm', 'start', '--port', '0', '--folder', runs]
  const child = spawn('corepack', args, { cwd: root, detached: true })
  const output = watch(child)
  await output.seen('Building the packages')
  await output.seen('Press ? in it')
  const suggested = output.text().split('Ctrl-C ends it. Try:')[1] ?? ''
  const commands = suggested.match(/^ {2}curl .*/gm) ?? []
  // Its script was stopped for guessing tokens; the address is the same.
  await expect
    .poll(() => Promise.all(commands.map(statusOf)), { timeout: 60_000 })
    .toEqual([404, 500, 200, 200, 404])
  const pages = suggested.match(/http\S+\/_scs\S*/g) ?? []
  expect(pages).toHaveLength(5)
  for (const url of pages) expect((await fetch(url)).status).toBe(200)
  process.kill(-(child.pid ?? 0), 'SIGINT')
  const { text, code } = await output.ended()
  expect(code).toBe(0)
  expect(text).not.toContain('ELIFECYCLE')
})
