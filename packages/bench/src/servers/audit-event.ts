import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin from '@fastify-scs/core'
import Fastify from 'fastify'
import { serveVariant } from './serve-variant.js'

const ANSWER = { isDone: true }

async function auditedApp() {
  const folder = mkdtempSync(join(tmpdir(), 'fastify-scs-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const app = Fastify({ logger: false })
  await app.register(scsPlugin, {
    source: 'bench',
    audit: { file: { path: join(folder, 'audit.log'), level: 'info' } },
  })
  const done = app.scs.registerAuditEvent({
    type: 'bench-done',
    level: 'INFO',
    messageTemplate: 'Did {thing}',
  })
  return { app, done }
}

await serveVariant({
  without: async () => {
    const { app } = await auditedApp()
    return app.get('/', () => ANSWER)
  },
  with: async () => {
    const { app, done } = await auditedApp()
    return app.get('/', (request) => {
      done(request, { thing: 'the work' })
      return ANSWER
    })
  },
})
