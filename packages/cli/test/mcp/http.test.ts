import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { PostgresDatabase } from '../../../store-postgres/test/postgres-server.js'
import { type McpServing, serveMcp } from '../../src/mcp/serve-mcp.js'
import { overHttp, PROGRAM } from './mcp-client.js'
import { plantStore } from './plant-store.js'

const TOKEN = 'a-token-that-is-long-enough-0123456789'
const folder = mkdtempSync(join(tmpdir(), 'scs-mcp-http-'))
const url = `sqlite:${join(folder, 'scs.db')}`
const auditFile = join(folder, 'audit.log')

let serving: McpServing | undefined
beforeAll(async () => {
  await plantStore(url)
})
afterEach(async () => {
  await serving?.close()
  serving = undefined
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function listen(store = url, file = auditFile): Promise<string> {
  serving = await serveMcp({
    ...{ url: store, http: { port: 0 }, auditFile: file, env: { SCS_MCP_TOKEN: TOKEN } },
    ...{ stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() },
  })
  return serving.address ?? ''
}

const LIST = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })

interface Sent {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly method?: string
}

/** Sends a request whose headers are all its own; `fetch` does not let one choose the host. */
async function send(address: string, { headers = {}, body = LIST, method = 'POST' }: Sent = {}) {
  const sent = httpRequest(address, {
    method,
    headers: {
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${TOKEN}`,
      ...headers,
    },
  })
  sent.end(method === 'POST' ? body : undefined)
  const [response] = await once(sent, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode as number, headers: response.headers, text }
}

describe('over HTTP', () => {
  it('serves a real client that has the token, from SQLite and from PostgreSQL', async () => {
    const postgres = await PostgresDatabase.create()
    try {
      await plantStore(postgres.url())
      for (const [store, revision, client] of [
        [url, undefined, 'a client without a name'],
        [postgres.url(), '2026-07-28', 'client "test client" 9.9.9'],
      ] as const) {
        const address = await listen(store)
        expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/)
        const mcp = await overHttp(address, TOKEN, revision)
        expect((await mcp.client.listTools()).tools).toHaveLength(5)
        const { data } = await mcp.call('find', { kind: 'audit_events' })
        expect(data.items.length).toBeGreaterThan(0)
        const { data: verdict } = await mcp.call('release_verdict', { release: '1.3.0' })
        expect(verdict.computed.verdict).toBe('worse')
        await mcp.close()
        await serving?.close()
        const caller = JSON.stringify(`http, user agent "node", ${client}`)
        expect(readFileSync(auditFile, 'utf8')).toContain(`"caller":${caller}`)
      }
    } finally {
      await postgres.remove()
    }
  })

  it('answers nobody without the token, and says so in the audit file', async () => {
    const address = await listen()
    for (const authorization of [
      '',
      'Bearer ',
      'Bearer wrong',
      `Basic ${TOKEN}`,
      `Bearer ${TOKEN}x`,
    ]) {
      const { status, headers, text } = await send(address, { headers: { authorization } })
      expect({ authorization, status }).toEqual({ authorization, status: 401 })
      expect(headers['www-authenticate']).toBe('Bearer realm="fastify-scs"')
      expect(text).not.toContain('tools')
    }
    expect(readFileSync(auditFile, 'utf8')).toContain('"type":"mcp-client-refused"')
    expect((await send(address)).status).toBe(200)
  })

  it('answers no page of another site', async () => {
    const address = await listen()
    const { port } = new URL(address)
    for (const host of ['evil.test', `evil.test:${port}`, '127.0.0.1.evil.test', '0.0.0.0'])
      expect((await send(address, { headers: { host } })).status, host).toBe(421)
    for (const origin of ['https://evil.test', 'null', 'http://127.0.0.1.evil.test'])
      expect((await send(address, { headers: { origin } })).status, origin).toBe(403)
    for (const origin of ['http://localhost:5173', 'http://127.0.0.1'])
      expect((await send(address, { headers: { origin } })).status, origin).toBe(200)
    const root = address.replace('/mcp', '/')
    expect((await send(root, { headers: { host: 'evil.test' } })).status).toBe(421)
    expect((await send(root)).status).toBe(404)
  })

  it('takes no body that is too large, and no session', async () => {
    const address = await listen()
    const large = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'x'.repeat(300_000) })
    expect((await send(address, { body: large })).status).toBe(413)
    expect((await send(address, { body: '{' })).status).toBe(400)
    expect((await send(address, { method: 'GET' })).status).toBe(405)
    expect((await send(address, { method: 'DELETE' })).status).toBe(405)
  })

  it.skipIf(!existsSync('/dev/full'))(
    'answers no call that it could not write down: the disk of the audit file is full',
    async () => {
      const mcp = await overHttp(await listen(url, '/dev/full'), TOKEN)
      const { isError, text } = await mcp.call('group')
      expect({ isError, text }).toEqual({
        isError: true,
        text: 'group: The audit file cannot be written at the moment, so no call is answered',
      })
      await mcp.close()
    },
  )

  it('nobody finds the token by trying, and trying does not lock others out', async () => {
    const address = await listen()
    const statuses: number[] = []
    for (let tries = 0; tries < 25; tries++)
      statuses.push((await send(address, { headers: { authorization: 'Bearer guess' } })).status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(20)
    expect(statuses.at(-1)).toBe(429)
    expect((await send(address)).status).toBe(200)
  })
})

describe('the program', () => {
  /** Starts it, and waits for its end or for a word. */
  async function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, [PROGRAM, 'mcp', '--store', url, ...args], {
      env: { PATH: process.env.PATH, HOME: folder, ...env },
    })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    const ended = once(child, 'close').then(([code]) => ({ code, out, err }))
    return { child, ended, output: () => out }
  }

  it('does not listen without a token, nor with one that is too short', async () => {
    const short = join(folder, 'short')
    writeFileSync(short, 'secret\n')
    const cases: readonly (readonly [readonly string[], Record<string, string>, string])[] = [
      [['--http'], {}, 'SCS_CLI_ERR_MCP_NO_TOKEN'],
      [['--http'], { SCS_MCP_TOKEN: 'secret' }, 'SCS_CLI_ERR_MCP_TOKEN'],
      [['--http', '--token-file', short], {}, 'SCS_CLI_ERR_MCP_TOKEN'],
      [['--http', '--token-file', join(folder, 'none')], {}, 'SCS_CLI_ERR_MCP_TOKEN'],
      [['--http', '--token-file', short], { SCS_MCP_TOKEN: TOKEN }, 'is set as well'],
      [['--token-file', short], {}, '--token-file takes the option --http as well'],
    ]
    for (const [args, env, says] of cases) {
      const { code, out, err } = await (await start(args, env)).ended
      expect({ args, code, out }).toEqual({ args, code: 2, out: '' })
      expect(err).toContain(says)
      expect(err).not.toContain('secret (')
    }
  })

  it('does not start where its audit file cannot be written', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    const { code, err } = await (await start(['--audit-file', join(file, 'audit.log')])).ended
    expect(code).toBe(1)
    expect(err).toContain('SCS_CLI_ERR_MCP_AUDIT_FILE')
  })

  it('listens with a token of a file, says where, and ends at a signal', async () => {
    const file = join(folder, 'token')
    writeFileSync(file, `${TOKEN}\n`, { mode: 0o600 })
    const { child, ended, output } = await start(['--http', '--table', '--token-file', file])
    await expect.poll(output).toMatch(/http:\S+/)
    const address = /http:\S+/.exec(output())?.[0] ?? ''
    const mcp = await overHttp(address, TOKEN)
    await mcp.call('group')
    await mcp.close()
    // As browsers open them in advance: it never sends anything.
    const silent = connect(Number(new URL(address).port), '127.0.0.1')
    silent.on('error', () => {})
    await once(silent, 'connect')
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
    const log = join(folder, '.local', 'state', 'fastify-scs', 'mcp-audit.log')
    expect(readFileSync(log, 'utf8')).toContain('"tool":"group"')
  })

  it('ends where a message is too large, so that its client does not wait for an answer', async () => {
    const { child, ended } = await start(['--audit-file', auditFile])
    // It does not read all of it.
    child.stdin.on('error', () => {})
    child.stdin.write(`{"jsonrpc":"2.0","id":1,"method":"${'x'.repeat(300_000)}`)
    expect(await ended).toMatchObject({ code: 0, out: '' })
  })

  it('writes nothing but the protocol to the standard output, and ends with its client', async () => {
    const { child, ended, output } = await start(['--audit-file', auditFile])
    const say = (message: object) =>
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
    child.stdin.write('this is no message\n')
    say({
      ...{ id: 1, method: 'initialize' },
      params: {
        ...{ protocolVersion: '2025-06-18', capabilities: {} },
        clientInfo: { name: 'by hand', version: '1' },
      },
    })
    say({ method: 'notifications/initialized' })
    say({ id: 2, method: 'tools/call', params: { name: 'group', arguments: {} } })
    await expect.poll(output).toContain('"id":2')
    child.stdin.end()
    const { code, out } = await ended
    expect(code).toBe(0)
    const messages = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(messages.map(({ jsonrpc }) => jsonrpc)).toEqual(messages.map(() => '2.0'))
    expect(messages.at(-1).result.structuredContent.groups.length).toBeGreaterThan(0)
  })
})
