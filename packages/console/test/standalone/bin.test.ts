import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import scsPlugin from '@fastify-scs/core'
import { createRecordId } from '@fastify-scs/core/kit'
import store from '@fastify-scs/store'
import Fastify from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { rawRequest } from '../raw-request.js'

const PROGRAM = fileURLToPath(new URL('../../bin.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'scs-console-'))
const url = `sqlite:${join(folder, 'scs.db')}`

let child: ChildProcess | undefined

beforeAll(async () => {
  const app = Fastify()
  await app.register(scsPlugin, { audit: false })
  await app.register(store, { url })
  app.scsStore.write({
    kind: 'reports',
    id: createRecordId(),
    createdAt: Date.now(),
    revision: 0,
    keys: { service: 'orders', status: 'fatal', summary: 'it broke' },
    data: { title: 'it broke' },
    importance: 'high',
  })
  await app.scsStore.flush()
  await app.close()
})

afterEach(() => child?.kill('SIGKILL'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Starts the program and collects what it says. */
function start(...args: readonly string[]) {
  const started = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder })
  child = started
  let out = ''
  let err = ''
  started.stdout.on('data', (chunk) => {
    out += chunk
  })
  started.stderr.on('data', (chunk) => {
    err += chunk
  })
  const ended = once(started, 'close').then(([code, signal]) => ({ code, signal, out, err }))
  const address = async (): Promise<URL> => {
    await expect.poll(() => out + err).toMatch(/http:\S+/)
    return new URL(/http:\S+/.exec(out)?.[0] ?? '')
  }
  return { process: started, ended, address }
}

describe('the program', () => {
  it('opens a store for reading, prints where, and ends at a signal', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const { process, ended, address } = start(url)
      const page = await address()
      expect(page.hostname).toBe('127.0.0.1')
      expect(await (await fetch(page)).text()).toContain('<base href="./"')
      const answer = await fetch(new URL('api/records/reports', page))
      expect(await answer.json()).toMatchObject({ items: [{ title: 'it broke' }] })
      const session = await (await fetch(new URL('api/session', page))).json()
      expect(session).toMatchObject({ isReadOnly: true, canChange: false })
      // Somebody follows the live tail meanwhile.
      const live = await fetch(new URL('api/live', page))
      process.kill(signal)
      expect(await ended).toMatchObject({ code: 0, err: '' })
      await live.text().catch(() => {})
    }
  })

  it('answers to the names of this machine only, so that no page of another site can read it', async () => {
    const { address } = start(url)
    const { port } = await address()
    for (const host of ['127.0.0.1', `127.0.0.1:${port}`, 'localhost', 'LOCALHOST:1', '[::1]:80'])
      expect(await rawRequest(Number(port), `GET /_scs/ HTTP/1.1\r\nHost: ${host}`), host).toMatch(
        /^HTTP\/1.1 200 /,
      )
    for (const host of ['evil.test', 'localhost.evil.test', '127.0.0.1.evil.test', '0.0.0.0', ''])
      expect(await rawRequest(Number(port), `GET /_scs/ HTTP/1.1\r\nHost: ${host}`), host).toMatch(
        /^HTTP\/1.1 4(21|00) /,
      )
  })

  it('says how it is called', async () => {
    const help = await start('--help').ended
    expect(help).toMatchObject({ code: 0, err: '' })
    expect(help.out).toContain('Usage: npx @fastify-scs/console')
    for (const args of [[], ['--port', 'x', url], ['--what'], [url, url], ['--port', '70000', url]])
      expect(await start(...args).ended, args.join(' ')).toMatchObject({
        code: 2,
        err: expect.stringContaining('Usage:'),
      })
  })

  it('says what is wrong with a store, in a line', async () => {
    writeFileSync(join(folder, 'text.db'), 'this is no database at all, but a text of some length')
    for (const [wrong, text] of [
      ['sqlite:./nothing.db', /nothing\.db/],
      ['sqlite:./text.db', /text\.db/],
      ['mysql://localhost/x', /mysql/],
      ['./scs.db', /sqlite:/],
      ['postgres://nobody@127.0.0.1:9/none', /postgres/],
    ] as const) {
      const { code, err, out } = await start(wrong).ended
      expect(err, wrong).toMatch(text)
      expect({ code, out }, wrong).toEqual({ code: 1, out: '' })
      expect(err, wrong).not.toMatch(/^\s+at /m)
    }
  })

  it('says that a port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const { code, err } = await start(url, '--port', String(port)).ended
    expect(code).toBe(1)
    expect(err).toContain('EADDRINUSE')
    server.close()
  })
})
