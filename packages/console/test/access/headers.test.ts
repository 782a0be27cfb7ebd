import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'

let app: FastifyInstance | undefined

afterEach(() => app?.close())

const PATHS = [
  '/_scs',
  '/_scs/groups/abc',
  '/_scs/api/session',
  '/_scs/api/records/reports?limit=wrong',
  '/_scs/api/nothing',
  '/_scs/assets/nothing.js',
]

describe('the headers of the console', () => {
  for (const withHelmet of [false, true])
    it(`are strict on every answer, ${withHelmet ? 'also with helmet' : 'errors too'}`, async () => {
      app = await buildApp({
        before: async (app) => {
          if (withHelmet) await app.register(helmet)
        },
      })
      const page = await app.inject('/_scs/')
      const [asset = ''] = /assets\/[\w.-]+\.js/.exec(page.body) ?? []
      for (const path of [...PATHS, `/_scs/${asset}`]) {
        const { headers } = await app.inject(path)
        expect(headers, path).toMatchObject({
          'cache-control': 'no-store',
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-resource-policy': 'same-origin',
          'referrer-policy': 'no-referrer',
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'DENY',
        })
        const policy = headers['content-security-policy']
        expect(policy, path).toContain("default-src 'none'; script-src 'self'; style-src 'self';")
        expect(policy, path).toContain("frame-ancestors 'none'")
        expect(policy, path).not.toMatch(/unsafe|data:|\*|https?:/)
      }
    })

  it('do not let an error be thrown by a stranger, who sees none of them', async () => {
    app = await buildApp({ console: { authorize: () => false } })
    for (const path of PATHS) {
      const { headers } = await app.inject(path)
      expect(Object.keys(headers).sort(), path).toEqual([
        'cache-control',
        'connection',
        'content-length',
        'content-type',
        'date',
        'x-content-type-options',
      ])
    }
  })
})

describe('the page', () => {
  it('has nothing inline, and a base that makes its relative addresses work at any depth', async () => {
    app = await buildApp({ console: { prefix: '/ops/_scs' } })
    for (const [path, base] of [
      ['/ops/_scs', '_scs/'],
      ['/ops/_scs/', './'],
      ['/ops/_scs/groups', './'],
      ['/ops/_scs/groups/a%2Fb', '../'],
      ['/ops/_scs/reference/Order/42?a=/b', '../../'],
    ]) {
      const { body, headers } = await app.inject(path as string)
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(body, path).toContain(`<head>\n    <base href="${base}" />`)
      expect(body).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+=/)
      const [asset = ''] = /assets\/[\w.-]+\.js/.exec(body) ?? []
      const { pathname } = new URL(asset, new URL(base as string, `http://a.test${path}`))
      const script = await app.inject(pathname)
      expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
    }
  })

  it('has its files compressed for whoever takes that', async () => {
    app = await buildApp()
    const page = await app.inject('/_scs/')
    const [asset = ''] = /assets\/[\w.-]+\.js/.exec(page.body) ?? []
    const headers = { 'accept-encoding': 'br, gzip' }
    const packed = await app.inject({ url: `/_scs/${asset}`, headers })
    expect(packed.headers['content-encoding']).toBe('gzip')
    const plain = await app.inject(`/_scs/${asset}`)
    expect(plain.headers['content-encoding']).toBeUndefined()
    const { gunzipSync } = await import('node:zlib')
    expect(gunzipSync(packed.rawPayload).equals(plain.rawPayload)).toBe(true)
  })

  it('cannot be left by any path', async () => {
    app = await buildApp()
    for (const path of ['..%2findex.html', '../index.html', '%2e%2e/%2e%2e/package.json', 'x.js'])
      expect((await app.inject(`/_scs/assets/${path}`)).body, path).not.toContain('"dependencies"')
  })

  it('refuses a prefix that could break out of it', async () => {
    for (const prefix of ['', '/', '_scs', '/_scs/', '/"><script>', '/:a', '/a*', '/../x', '//a'])
      await expect(buildApp({ console: { prefix } }), prefix).rejects.toMatchObject({
        code: 'SCS_CONSOLE_ERR_OPTIONS',
      })
  })
})
