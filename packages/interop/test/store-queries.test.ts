import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin, { defineAuditEvent } from '@fastify-scs/core'
import queryLog from '@fastify-scs/query-log'
import store from '@fastify-scs/store'
import Fastify from 'fastify'
import { expect, it, onTestFinished } from 'vitest'

const paid = defineAuditEvent({ type: 'paid', level: 'INFO', messageTemplate: 'Paid' })

// node:sqlite tells of each query of a thread by a diagnostics channel from Node 26 on, also of a store that uses it.
it('what the store asks of its own file is noted in no request', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scs-store-queries-'))
  const app = Fastify()
  onTestFinished(async () => {
    await app.close()
    rmSync(folder, { recursive: true })
  })
  await app.register(scsPlugin, { source: 'orders' })
  await app.register(store, { url: `sqlite:${join(folder, 'scs.db')}` })
  await app.register(queryLog)
  app.scs.registerAuditEvent(paid)
  app.get('/', async (request) => {
    paid(request, {})
    await app.scsStore.flush()
    const { items } = await app.scsStore.find('audit_events')
    return { found: items.length }
  })
  expect((await app.inject('/')).json()).toEqual({ found: 1 })
  expect(app.queryLog.stats()).toEqual({ queries: 0, leftOut: 0, failures: 0 })
})
