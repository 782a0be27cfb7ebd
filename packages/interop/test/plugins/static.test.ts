import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import staticFiles from '@fastify/static'
import { describe, expect, it, onTestFinished } from 'vitest'
import { expectError, headOf } from './error-answer.js'
import { type Parts, SETUPS, startFamily, startPlain } from './family.js'
import { ask } from './raw-answer.js'

function folder(): string {
  const root = mkdtempSync(join(tmpdir(), 'scs-static-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  writeFileSync(join(root, 'page.txt'), 'a page of text')
  writeFileSync(join(root, '.env'), 'PASSWORD=hunter2')
  mkdirSync(join(root, 'empty'))
  return root
}

function partsOf(root: string): Parts {
  return {
    plugin: (app) =>
      app.register(staticFiles, { root, prefix: '/files/', dotfiles: 'deny', acceptRanges: true }),
    routes: (app) => {
      app.get('/gone', (_request, reply) => reply.sendFile('nowhere.txt'))
      app.get('/breaks', (_request, reply) => {
        const body = new Readable({ read: () => undefined })
        body.push('begun')
        setImmediate(() => body.destroy(new Error('disk')))
        return reply.type('text/plain').send(body)
      })
      app.get('/breaks-at-once', (_request, reply) => {
        const body = new Readable({ read: () => body.destroy(new Error('disk')) })
        return reply.type('text/plain').send(body)
      })
    },
  }
}

describe.each(SETUPS)('@fastify/static, registered $order, $format', (setup) => {
  const { format } = setup

  it('serves files, parts of files and 304 as before', async () => {
    const parts = partsOf(folder())
    const { address } = await startFamily(setup, parts)
    const plain = await startPlain(parts)
    const { headers, bytes } = await ask(address, '/files/page.txt')
    expect(String(bytes)).toBe('a page of text')
    const unchanged = { 'if-none-match': headers.etag }
    const statuses = { 200: {}, 206: { range: 'bytes=2-5' }, 304: unchanged }
    for (const [status, asked] of Object.entries(statuses)) {
      const answer = await ask(address, '/files/page.txt', asked)
      const other = await ask(plain, '/files/page.txt', asked)
      expect(answer.status).toBe(Number(status))
      const { date } = answer.headers
      expect(answer).toEqual({ ...other, headers: { ...other.headers, date } })
    }
  })

  it('answers what is not there or not allowed with its status', async () => {
    const parts = partsOf(folder())
    const { address, reports, settled } = await startFamily(setup, parts)
    const plain = await startPlain(parts)
    const notFound = { status: 404, id: 'not-found', message: 'not found' }
    const expected = [
      ['/files/nowhere.txt', {}, notFound],
      ['/files/empty/', {}, notFound],
      ['/gone', {}, notFound],
      ['/files/.env', {}, { status: 403, id: 'unauthorized', message: '' }],
      [
        '/files/page.txt',
        { range: 'bytes=900-' },
        { status: 416, id: 'range-not-satisfiable', message: '' },
      ],
    ] as const
    for (const [path, headers, told] of expected) {
      const init = { headers: headers as Record<string, string> }
      const answer = await fetch(address + path, init)
      expect(headOf(answer), path).toEqual(headOf(await fetch(plain + path, init)))
      await expectError(answer, format, told)
    }
    for (const path of ['/files/../.env', '/files/%2e%2e/.env', '/files//page.txt', '/files/%00'])
      expect((await ask(address, path)).status, path).toBe((await ask(plain, path)).status)
    await settled()
    expect(reports).toEqual([])
  })

  it('a stream that fails is reported once: before its first byte as a 500, later cut off', async () => {
    const { address, reports, settled } = await startFamily(setup, partsOf(folder()))
    await expectError(await fetch(`${address}/breaks-at-once`), format, {
      status: 500,
      id: 'internal-server-error',
      code: 'SERVER_ERROR',
      message: 'An unexpected error occurred',
    })
    const cut = await fetch(`${address}/breaks`)
    expect(cut.status).toBe(200)
    await expect(cut.text()).rejects.toThrow('terminated')
    await settled()
    expect(reports.map(({ request }) => request?.path)).toEqual(['/breaks-at-once', '/breaks'])
    expect((await fetch(`${address}/files/page.txt`)).status).toBe(200)
  })
})
