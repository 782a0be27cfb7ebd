import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin, { defineAuditEvent } from '@fastify-scs/core'
import { createRecordId } from '@fastify-scs/core/kit'
import store from '@fastify-scs/store'
import Fastify from 'fastify'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type OpenedStore, openStore } from '../../src/read.js'

const folder = mkdtempSync(join(tmpdir(), 'scs-open-store-'))
const url = `sqlite:${join(folder, 'scs.db')}`
const YEAR_MS = 365 * 86_400_000
const OLD_AT = Date.now() - YEAR_MS

let opened: OpenedStore | undefined
beforeAll(async () => {
  const app = Fastify()
  await app.register(scsPlugin, { audit: false })
  await app.register(store, { url, retentionDays: false })
  for (const createdAt of [OLD_AT, Date.now()])
    app.scsStore.write({
      ...{ kind: 'reports', id: createRecordId(), createdAt, revision: 0, importance: 'high' },
      keys: { service: 'orders', status: 'fatal', summary: 'it broke' },
      data: { title: 'it broke' },
    })
  await app.scsStore.flush()
  await app.close()
})
afterEach(async () => {
  await opened?.close()
  opened = undefined
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('a store is read as the console shows it, and nothing can be written', async () => {
  opened = await openStore(url)
  const { items } = await opened.reader.find('reports', { text: 'broke', from: String(OLD_AT) })
  expect(items).toMatchObject([{ title: 'it broke' }, { title: 'it broke', createdAt: OLD_AT }])
  const [line] = (await collected(opened.reader.export('reports', {}, 'jsonl'))).split('\n')
  expect(JSON.parse(line ?? '')).toMatchObject({ kind: 'reports', service: 'orders' })
  await expect(opened.reader.find('reports', { from: 'soon' })).rejects.toMatchObject({
    code: 'CONSOLE_BAD_REQUEST',
  })
  expect((await opened.store.stats()).isReadOnly).toBe(true)
})

it('a program that changes something removes nothing by age, and its audit events are stored', async () => {
  const done = defineAuditEvent({ type: 'done', level: 'INFO', messageTemplate: '{user} did it' })
  opened = await openStore(url, { readOnly: false, source: 'a program' })
  opened.app.scs.registerAuditEvent(done)
  done(opened.app, { user: 'ann' })
  expect(await opened.store.flush()).toBe(true)
  const { items } = await opened.reader.find('audit_events', { service: 'a program' })
  expect(items).toMatchObject([{ message: 'ann did it' }])
  expect((await opened.reader.find('reports', { from: '0' })).items).toHaveLength(2)
})

it('a store that is not there is not made', async () => {
  const missing = `sqlite:${join(folder, 'missing.db')}`
  await expect(openStore(missing)).rejects.toMatchObject({ code: 'SCS_STORE_ERR_URL' })
})

async function collected(texts: AsyncIterable<string>): Promise<string> {
  let whole = ''
  for await (const text of texts) whole += text
  return whole
}
