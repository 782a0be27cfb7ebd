import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@fastify-scs/console/read'
import { createRecordId } from '@fastify-scs/core/kit'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jsonOf, runAtTerminal } from './run-program.js'

let folder = ''
let path = ''
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scs-cli-damaged-'))
  path = join(folder, 'scs.db')
  const { store, close } = await openStore(`sqlite:${path}`, { readOnly: false })
  for (let at = 0; at < 200; at++)
    store.write({
      kind: 'reports',
      id: createRecordId(),
      createdAt: Date.now(),
      revision: 0,
      keys: { service: 'orders' },
      data: { title: 'it broke', body: 'x'.repeat(1_000) },
      importance: 'high',
    })
  await store.flush()
  await close()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What a command finds bad or worth a word. */
async function found(...args: readonly string[]) {
  const { code, out } = await runAtTerminal(['--store', `sqlite:${path}`, '--json', ...args])
  return { code, what: jsonOf(out).filter(({ state }) => state !== 'good') }
}

function change(sql: string): void {
  const database = new Database(path)
  database.exec(sql)
  database.close()
}

describe('verify', () => {
  it('finds rows that hold no JSON object, and names them', async () => {
    change(`UPDATE reports SET data = '{"title":' WHERE rowid = 7`)
    const { code, what } = await found('verify')
    expect(code).toBe(1)
    expect(what).toMatchObject([
      { what: 'reports', says: expect.stringContaining('1 of 200 rows hold no JSON object') },
    ])
  })

  it('finds a file that is damaged', async () => {
    truncateSync(path, 100_000)
    const { code, what } = await found('verify')
    expect(code).toBe(1)
    expect(what[0]).toMatchObject({ state: 'bad', fix: expect.any(String) })
  })

  it('tells of dead letters, and of what waits in the outbox', async () => {
    change(`INSERT INTO dead_letters (id, buried_at, kind, reason, record)
      VALUES ('x', 1, 'reports', 'too large', '{}')`)
    mkdirSync(`${path}.outbox`)
    writeFileSync(join(`${path}.outbox`, 'a.ndjson'), '{"kind":"reports","id":"1"}\n')
    const { code, what } = await found('verify')
    expect(code).toBe(0)
    expect(what).toMatchObject([
      { what: 'dead letters', state: 'warning', says: '1 of reports: too large' },
      { what: 'outbox', state: 'warning', says: expect.stringContaining('1 records wait') },
    ])
    writeFileSync(join(`${path}.outbox`, 'a.ndjson'), '{"kind":"rep', { flag: 'a' })
    expect(await found('verify')).toMatchObject({ code: 1, what: [{}, { state: 'bad' }] })
  })
})

describe('doctor', () => {
  it('says what is wrong with a file, and what to do', async () => {
    change('PRAGMA user_version = 99')
    expect(await found('doctor')).toMatchObject({
      code: 1,
      what: [{ what: 'schema', state: 'bad', fix: expect.stringContaining('Update') }],
    })
    change('PRAGMA user_version = 2')
    expect(await found('doctor')).toMatchObject({ code: 1, what: [{ what: 'schema' }] })
    change('PRAGMA application_id = 7')
    expect(await found('doctor')).toMatchObject({ code: 1, what: [{ what: 'schema' }] })
  })

  it('sees that the newest record is of the future: a clock is wrong', async () => {
    change(`UPDATE reports SET created_at = created_at + 3600000 WHERE rowid = 7`)
    expect(await found('doctor')).toMatchObject({ code: 1, what: [{ what: 'newest record' }] })
  })

  it('sees a file that is not there', async () => {
    rmSync(path)
    const { code, what } = await found('doctor')
    expect({ code, what }).toMatchObject({ code: 1, what: [{ what: 'store', state: 'bad' }] })
    expect(existsSync(path)).toBe(false)
  })
})

describe('a store with an older schema', () => {
  it('is never brought up to date, by reading or by changing', async () => {
    change('PRAGMA user_version = 2; PRAGMA journal_mode = DELETE')
    const before = createHash('sha256').update(readFileSync(path)).digest('hex')
    for (const args of [
      ['find'],
      ['stats'],
      ['verify'],
      ['doctor'],
      ['resolve', 'x'],
      ['prune', '--older-than', '0', '--yes'],
      ['forget', 'ada', '--yes'],
    ]) {
      const { code } = await runAtTerminal(['--store', `sqlite:${path}`, ...args])
      expect(code, args.join(' ')).toBe(1)
    }
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(before)
  })
})

it('a folder is called one', async () => {
  for (const command of ['find', 'doctor', 'verify']) {
    const { code, out, err } = await runAtTerminal(['--store', `sqlite:${folder}`, command])
    expect(code, command).toBe(1)
    expect(out + err, command).toContain('it is a folder; name a file')
  }
})

it('a file that is not there is not made', async () => {
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
  for (const args of [
    ['find'],
    ['resolve', 'x'],
    ['prune', '--older-than', '1'],
    ['forget', 'a', '--yes'],
  ])
    expect((await runAtTerminal(['--store', `sqlite:${path}`, ...args])).code).toBe(1)
  expect(readdirSync(folder)).toEqual([])
})
