import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import multipart, { type FastifyMultipartAttachFieldsToBodyOptions } from '@fastify/multipart'
import { describe, expect, it } from 'vitest'
import { expectError, headOf } from './error-answer.js'
import { type Parts, SETUPS, startFamily, startPlain } from './family.js'

const LIMIT_BYTES = 1000
const SECRET = 'hunter2-canary'

function form(fileBytes: number): RequestInit {
  const body = new FormData()
  body.set('name', 'Ann')
  body.set('password', SECRET)
  body.set('file', new Blob(['x'.repeat(fileBytes)], { type: 'text/plain' }), 'notes.txt')
  return { method: 'POST', body }
}

function partsWith(options: Partial<FastifyMultipartAttachFieldsToBodyOptions>): Parts {
  return {
    plugin: (app) =>
      app.register(multipart, { limits: { fileSize: LIMIT_BYTES, files: 1 }, ...options }),
    routes: (app) => {
      app.post('/buffer', async (request) => {
        const data = await request.file()
        return { bytes: (await data?.toBuffer())?.length }
      })
      app.post('/parts', async (request) => {
        for await (const part of request.parts()) if (part.type === 'file') await text(part.file)
        return { ok: true }
      })
      app.post('/attached', async (request) => ({ keys: Object.keys(request.body ?? {}) }))
      app.post('/crash', async () => {
        throw new Error('boom')
      })
      app.post('/hook', { integration: { service: 'shop' } }, async () => ({ ok: true }))
    },
  }
}

describe.each(SETUPS)('@fastify/multipart, registered $order, $format', (setup) => {
  const { format } = setup

  it('answers a file that is too large, too many files and what is no form', async () => {
    const { address, reports, settled } = await startFamily(setup, partsWith({}))
    const plain = await startPlain(partsWith({}))
    const two = form(10)
    ;(two.body as FormData).set('other', new Blob(['y']), 'other.txt')
    const json = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
    const cases = [
      ['/buffer', form(5000), 413, 'FST_REQ_FILE_TOO_LARGE', 'request file too large'],
      ['/parts', form(5000), 413, 'FST_REQ_FILE_TOO_LARGE', 'request file too large'],
      ['/parts', two, 413, 'FST_FILES_LIMIT', 'reach files limit'],
      ['/buffer', json, 406, 'FST_INVALID_MULTIPART_CONTENT_TYPE', 'the request is not multipart'],
    ] as const
    for (const [path, init, status, code, message] of cases) {
      const answer = await fetch(address + path, init)
      expect(headOf(answer), path).toEqual(headOf(await fetch(plain + path, init)))
      const id = status === 413 ? 'payload-too-large' : 'not-acceptable'
      await expectError(answer, format, { status, id, code, message })
    }
    expect(await (await fetch(`${address}/buffer`, form(10))).json()).toEqual({ bytes: 10 })
    await settled()
    expect(reports).toEqual([])
  })

  it('a client that breaks off within its form leaves a process that goes on', async () => {
    const { address, errorLines, reports, settled } = await startFamily(setup, partsWith({}))
    const { hostname, port } = new URL(address)
    const socket = connect(Number(port), hostname)
    const head = 'POST /parts HTTP/1.1\r\nhost: a\r\ncontent-length: 5000\r\n'
    const type = 'content-type: multipart/form-data; boundary=b\r\n\r\n'
    const part = '--b\r\ncontent-disposition: form-data; name="f"; filename="a"\r\n\r\nbegun'
    await new Promise<void>((resolve) => void socket.write(head + type + part, () => resolve()))
    socket.resetAndDestroy()
    expect(await (await fetch(`${address}/buffer`, form(10))).json()).toEqual({ bytes: 10 })
    await settled()
    expect(errorLines.map(({ msg }) => msg)).toEqual(['aborted'])
    expect(reports).toEqual([])
  })

  const attach = setup.order === 'before ours' ? true : 'keyValues'
  describe(`with attachFieldsToBody: ${attach}`, () => {
    const parts = partsWith({ attachFieldsToBody: attach })

    it('its bodies are in inbound records and crash reports, without secrets and bounded', async () => {
      const { app, address, reports, settled } = await startFamily(setup, parts)
      expect(await (await fetch(`${address}/attached`, form(10))).json()).toEqual({
        keys: ['name', 'password', 'file'],
      })
      expect((await fetch(`${address}/hook`, form(900))).status).toBe(200)
      expect((await fetch(`${address}/crash`, form(900))).status).toBe(500)
      await settled()
      const [record] = (await app.integrations.find({ service: 'shop' })).items
      expect(reports).toHaveLength(1)
      for (const body of [record?.data, reports[0]?.request?.body]) {
        const shown = JSON.stringify(body)
        expect(shown).toContain('Ann')
        expect(shown).not.toContain(SECRET)
        expect(shown).not.toContain('xxxx')
        expect(shown.length).toBeLessThan(2000)
      }
    })

    it('a file that is too large is answered while the body is parsed', async () => {
      const { address } = await startFamily(setup, parts)
      await expectError(await fetch(`${address}/attached`, form(5000)), format, {
        status: 413,
        id: 'payload-too-large',
        code: 'FST_REQ_FILE_TOO_LARGE',
        message: 'request file too large',
      })
    })
  })
})
