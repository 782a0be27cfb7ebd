import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin, { defineAuditEvent } from '@fastify-scs/core'
import Fastify from 'fastify'
import { afterAll, expect, it } from 'vitest'
import { examineAuditFile } from '../../src/verify/audit-file.js'

const folder = mkdtempSync(join(tmpdir(), 'scs-cli-audit-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function writeEvents(path: string, count: number): Promise<void> {
  const done = defineAuditEvent({ type: 'done', level: 'INFO', messageTemplate: '{what} is done' })
  const app = Fastify()
  await app.register(scsPlugin, { source: 'orders', audit: { file: { path } } })
  app.scs.registerAuditEvent(done)
  for (let at = 0; at < count; at++) done(app, { what: `thing ${at}` })
  await app.close()
}

it('a file as core writes it is whole', async () => {
  const path = join(folder, 'whole.log')
  await writeEvents(path, 3)
  expect(await examineAuditFile(path)).toMatchObject({
    state: 'good',
    says: `all 3 lines of ${path} are whole events`,
  })
})

it('lines that are no events, and a last line without an end, are named', async () => {
  const path = join(folder, 'torn.log')
  await writeEvents(path, 2)
  writeFileSync(path, 'something else\n{"level":"INFO"}\n{"level":"IN', { flag: 'a' })
  expect(await examineAuditFile(path)).toMatchObject({
    state: 'bad',
    says: `${path}: 3 of 5 lines are no events: 3, 4, 5; the last line has no end`,
  })
})

it('an empty file is whole, and one that is not there is not', async () => {
  const path = join(folder, 'empty.log')
  writeFileSync(path, '')
  expect(await examineAuditFile(path)).toMatchObject({ state: 'good' })
  expect(await examineAuditFile(join(folder, 'none.log'))).toMatchObject({ state: 'bad' })
})
