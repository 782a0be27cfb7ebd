import { once } from 'node:events'
import { connect } from 'node:http2'
import { setTimeout as after } from 'node:timers/promises'
import Fastify, { type FastifyInstance, type FastifyReply, type onSendHookHandler } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import scsPlugin from '../../src/index.js'

/** Sets a header that Node refuses when it writes the head: over HTTP/1 for its value, over HTTP/2 for its name. */
function setRefused(reply: FastifyReply): void {
  if (reply.raw.req.httpVersion === '2.0') reply.header('transfer-encoding', 'chunked')
  else reply.header('x-name', '€')
}

/** onSend hooks that set such a header. What Node throws at it then has no caller of ours. */
const hooks: Record<string, onSendHookHandler> = {
  'calls back from a timer': (_request, reply, payload, done) => {
    setRefused(reply)
    setTimeout(() => done(null, payload), 5)
  },
  'calls back at once': (_request, reply, payload, done) => {
    setRefused(reply)
    done(null, payload)
  },
  'resolves later': async (_request, reply, payload) => {
    await after(5)
    setRefused(reply)
    return payload
  },
}

const open: FastifyInstance[] = []
afterEach(async () => {
  for (const app of open.splice(0)) await app.close()
})

async function buildApp(
  onSend: onSendHookHandler,
  http2: boolean,
  wrap: (raw: FastifyReply['raw']) => void = () => undefined,
): Promise<FastifyInstance> {
  const app = (http2 ? Fastify({ http2 }) : Fastify()) as unknown as FastifyInstance
  open.push(app)
  await app.register(scsPlugin, { audit: false })
  app.addHook('onRequest', (_request, reply, done) => {
    wrap(reply.raw)
    done()
  })
  app.get('/answered', { onSend }, async () => ({ fine: true }))
  app.get('/empty', { onSend }, (_request, reply) => void reply.code(204).send())
  app.get('/failed', { onSend }, async () => {
    throw new Error('the handler failed first')
  })
  app.get('/alive', async () => ({ alive: true }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  return app
}

describe.each(Object.entries(hooks))('an onSend hook that %s', (_how, onSend) => {
  it.each(['/answered', '/empty', '/failed'])('leaves %s answered once', async (path) => {
    const app = await buildApp(onSend, false)
    const answer = await fetch(`${app.listeningOrigin}${path}`)
    expect(answer.status).toBe(500)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.json()).toMatchObject({ error: { id: 'internal-server-error' } })
    expect((await fetch(`${app.listeningOrigin}/alive`)).status).toBe(200)
  })

  it('leaves the request answered once where a middleware has put its own write on the response', async () => {
    const app = await buildApp(onSend, false, (raw) => {
      const { write } = raw
      raw.write = function (this: typeof raw, ...args: Parameters<typeof write>) {
        return write.apply(this, args)
      } as typeof write
    })
    const answer = await fetch(`${app.listeningOrigin}/answered`)
    expect([answer.status, await answer.json()]).toMatchObject([500, { error: {} }])
    expect((await fetch(`${app.listeningOrigin}/alive`)).status).toBe(200)
  })

  it.each(['/answered', '/failed'])('leaves %s answered once over HTTP/2', async (path) => {
    const app = await buildApp(onSend, true)
    const client = connect(app.listeningOrigin)
    try {
      const stream = client.request({ ':path': path })
      const [head] = await once(stream, 'response')
      expect(head[':status']).toBe(500)
      stream.resume()
      await once(stream, 'end')
      const alive = client.request({ ':path': '/alive' })
      expect((await once(alive, 'response'))[0][':status']).toBe(200)
      alive.resume()
    } finally {
      client.destroy()
    }
  })
})
