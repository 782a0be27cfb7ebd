import {
  abort,
  defineError,
  markdownOfErrors,
  type ScsOptions,
  ServiceError,
} from '@fastify-scs/core'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { describe, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'

const Left = Type.Object({ left: Type.Integer() })
const soldOut = defineError({
  code: 409,
  id: 'orders-sold-out',
  message: 'Only {left} are left',
  details: Left,
})
class NotPaid extends ServiceError {
  static override readonly code = 'NOT_PAID'
  static override readonly status = 402
}

async function shop(options: ScsOptions = {}): Promise<FastifyInstance> {
  const { app } = await buildApp(options)
  app.scs.registerError(soldOut)
  app.post('/orders', { throws: [soldOut, NotPaid] }, () => {
    throw soldOut({ details: { left: 1 } })
  })
  app.get('/orders', { throws: ['orders-sold-out'] }, () => {
    throw new NotPaid()
  })
  app.get('/secret', { throws: [soldOut], config: { isHidden: true } }, () => 'ok')
  await app.ready()
  return app
}

describe('the catalogue', () => {
  it('has each error that clients can get, with the routes that declare it', async () => {
    const errors = (await shop()).scs.clientErrors()
    expect(errors.map(({ code, id }) => `${code} ${id}`)).toEqual([
      '400 bad-request',
      '401 unauthenticated',
      '402 not-paid',
      '403 unauthorized',
      '404 not-found',
      '405 method-not-allowed',
      '409 orders-sold-out',
      '413 payload-too-large',
      '415 unsupported-media-type',
      '500 internal-server-error',
    ])
    expect(errors.find(({ id }) => id === 'orders-sold-out')).toEqual({
      code: 409,
      id: 'orders-sold-out',
      message: 'Only {left} are left',
      details: JSON.parse(JSON.stringify(Left)),
      routes: [
        { method: 'POST', url: '/orders' },
        { method: 'GET', url: '/orders' },
      ],
      type: 'urn:problem-type:orders-sold-out',
    })
    expect(errors.find(({ id }) => id === 'not-found')?.type).toBe('about:blank')
  })

  it('is JSON, and Markdown in which no text means anything else', async () => {
    const { app } = await buildApp()
    app.scs.registerError({
      code: 409,
      id: 'a_b',
      message: '<img src=x onerror=alert(1)>\n# `x` [y](javascript:z) | *',
      details: Type.String({ description: '```\n# out' }),
    })
    await app.ready()
    const [error] = app.scs.clientErrors().filter(({ id }) => id === 'a_b')
    expect(JSON.parse(JSON.stringify(error))).toEqual(error)
    const text = markdownOfErrors(error === undefined ? [] : [error])
    expect(text).toContain('## a\\_b\n')
    expect(text).toContain(
      '\\<img src=x onerror=alert\\(1\\)\\> \\# \\`x\\` \\[y\\]\\(javascript:z\\) \\| \\*',
    )
    expect(text.match(/```/g)).toHaveLength(2)
  })
})

describe('the pages of errors', () => {
  const pages = { errorPages: { prefix: '/errors' } }

  it('are not there without the option', async () => {
    const app = await shop()
    expect((await app.inject('/errors')).statusCode).toBe(404)
  })

  it('are where the type of a problem leads to', async () => {
    const app = await shop({ ...pages, errorFormat: 'problem' })
    const { type } = (await app.inject({ method: 'POST', url: '/orders' })).json()
    expect(type).toBe('/errors/orders-sold-out')
    const page = await app.inject(type)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('Status 409. Only \\{left\\} are left')
    const ofClass = (await app.inject('/orders')).json()
    expect(ofClass.type).toBe('/errors/not-paid')
    expect((await app.inject(ofClass.type)).statusCode).toBe(200)
  })

  it('have an origin and the prefix of their context in the type', async () => {
    const { app } = await buildApp()
    const { default: scsPlugin } = await import('@fastify-scs/core')
    const Fastify = (await import('fastify')).default
    await app.close()
    const outer = Fastify()
    outer.register(
      async (child) => {
        await child.register(scsPlugin, {
          audit: false,
          errorFormat: 'problem',
          errorPages: { prefix: '/errors', origin: 'https://api.example.com' },
        })
        child.scs.registerError(soldOut)
        child.get('/', () => {
          throw soldOut({ details: { left: 1 } })
        })
      },
      { prefix: '/v1' },
    )
    const { type } = (await outer.inject('/v1')).json()
    expect(type).toBe('https://api.example.com/v1/errors/orders-sold-out')
    expect((await outer.inject(new URL(type).pathname)).statusCode).toBe(200)
  })

  it.each([
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'text/html; charset=utf-8'],
    ['application/json', 'application/json; charset=utf-8'],
    ['text/markdown', 'text/markdown; charset=utf-8'],
    ['*/*', 'text/markdown; charset=utf-8'],
    ['text/html;q=0.1, application/json;q=0.5', 'application/json; charset=utf-8'],
  ])('answer %s as %s', async (accept, type) => {
    const app = await shop(pages)
    for (const url of ['/errors', '/errors/orders-sold-out']) {
      const answer = await app.inject({ url, headers: { accept } })
      expect(answer.headers).toMatchObject({ 'content-type': type, vary: 'accept' })
    }
  })

  it.each(['x'.repeat(300), 'a/b', 'a%2fb', 'a?b#c', 'a b', 'ошибка', ':id', '*', 'a\ud800b'])(
    'has one for the id %s, to which its type leads',
    async (id) => {
      const { app } = await buildApp({ ...pages, errorFormat: 'problem' })
      app.scs.registerError({ code: 409, id, message: 'x' })
      app.get('/', () => abort(409, { id }))
      const { type } = (await app.inject('/')).json()
      const { pathname } = new URL(type, 'http://localhost')
      const page = await app.inject({ url: pathname, headers: { accept: 'application/json' } })
      expect(page.statusCode).toBe(200)
      expect(page.json().errors).toMatchObject([{ id }])
    },
  )

  it('are where a type leads to, also of a class whose route was declared after the catalogue was read', async () => {
    const { app } = await buildApp({ ...pages, errorFormat: 'problem' })
    class TooLate extends ServiceError {
      static override readonly code = 'TOO_LATE'
      static override readonly status = 409
    }
    app.get('/first', { throws: [NotPaid] }, () => 'ok')
    expect(app.scs.clientErrors().some(({ id }) => id === 'not-paid')).toBe(true)
    app.get('/', { throws: [TooLate] }, () => {
      throw new TooLate()
    })
    expect((await app.inject('/')).json().type).toBe('/errors/too-late')
  })

  it('may stand behind a proxy that takes a prefix off', async () => {
    const errorPages = { prefix: '/errors', origin: 'https://example.com/api/v2' }
    const { app } = await buildApp({ errorPages })
    const [first] = app.scs.clientErrors()
    expect(first?.type).toBe('https://example.com/api/v2/errors/bad-request')
  })

  it('say nothing of hidden routes, and answer an unknown id as an unknown path', async () => {
    const app = await shop(pages)
    expect((await app.inject('/errors')).body).not.toContain('/secret')
    const unknown = await app.inject('/errors/%3Cscript%3E')
    expect(unknown.statusCode).toBe(404)
    expect(unknown.json().error.id).toBe('not-found')
  })

  it('run nothing of what a definition says', async () => {
    const { app } = await buildApp(pages)
    app.scs.registerError({
      code: 409,
      id: '"><script>alert(1)</script>',
      message: '</p><script>alert(2)</script>',
      details: Type.String({ description: '</pre><script>alert(3)</script>' }),
    })
    const { body, headers } = await app.inject({ url: '/errors', headers: { accept: 'text/html' } })
    expect(body).not.toContain('<script')
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/)
  })
})

it.each([
  [{ prefix: 'errors' }, 'errorPages.prefix'],
  [{ prefix: '/:id' }, 'errorPages.prefix'],
  [{ prefix: '/e', origin: 'javascript:alert(1)' }, 'errorPages.origin'],
  [{ prefix: '/e', origin: 'https://example.com/' }, 'errorPages.origin'],
  [{ prefix: '/e', origin: 'https://example.com?a' }, 'errorPages.origin'],
])('a wrong place for the pages is refused: %j', async (errorPages, path) => {
  await expect(buildApp({ errorPages })).rejects.toThrow(path)
})
