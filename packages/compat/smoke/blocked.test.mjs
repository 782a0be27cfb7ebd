// The threads of the packages are found where npm has put them: a blocked event loop is reported with its line.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import scsPlugin from '@fastify-scs/core'
import slowCall from '@fastify-scs/slow-call'
import Fastify from 'fastify'

test('a blocked event loop is reported with the line that blocked it', async (t) => {
  const app = Fastify()
  t.after(() => app.close())
  await app.register(scsPlugin, { audit: false })
  const reports = []
  await app.register(slowCall, {
    maxMs: 60_000,
    onBlocked: (report) => void reports.push(report),
  })
  app.get('/busy', () => {
    const end = Date.now() + 3_000
    while (Date.now() < end) Math.sqrt(end)
    return {}
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  // Not a block of which the machine was the cause: where it has no time for the process, that is asked again.
  while (reports.length === 0) {
    assert.equal((await fetch(`${address}/busy`)).status, 200)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  assert.match(JSON.stringify(reports[0]), /blocked\.test\.mjs/)
})
