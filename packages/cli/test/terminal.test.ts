import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@fastify-scs/console/read'
import { createRecordId } from '@fastify-scs/core/kit'
import stringWidth from 'string-width'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EVIL } from './fill-store.js'
import { runAtTerminal } from './run-program.js'

const folder = mkdtempSync(join(tmpdir(), 'scs-cli-terminal-'))
const url = `sqlite:${join(folder, 'scs.db')}`
const DAY_MS = 86_400_000
let callId = ''

/** Only colours, and what clears the line of progress, may be sent to a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const OWN_SEQUENCES = /\u001b\[\d+m|\r\u001b\[2K/g
const CONTROL = /[^\n\P{Cc}]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

beforeAll(async () => {
  const { store, close } = await openStore(url, { readOnly: false })
  for (const kind of ['reports', 'integration_requests', 'audit_events'] as const)
    for (let at = 0; at < 3; at++) {
      const id = createRecordId()
      if (kind === 'integration_requests') callId = id
      store.write({
        kind,
        id,
        createdAt: Date.now() - at * 40 * DAY_MS,
        revision: 0,
        keys: {
          ...{ service: EVIL, status: EVIL, level: EVIL, user: EVIL, fingerprint: EVIL },
          ...{ summary: EVIL, route: EVIL, requestId: EVIL },
        },
        data: {
          ...{ title: EVIL, message: EVIL, method: EVIL, url: `https://a.test/${EVIL}` },
          ...{ isRemoteRequest: true, output: { [EVIL]: EVIL }, trace: [EVIL], data: { a: EVIL } },
          event: { type: EVIL, details: { [EVIL]: EVIL } },
        },
        importance: 'high',
      })
    }
  const seenAt = Date.now()
  const seen = { firstSeenAt: seenAt, lastSeenAt: seenAt, canReport: true, title: EVIL }
  const rules = { growth: 2, quietMs: 60_000 }
  await store.countGroups([{ ...seen, fingerprint: EVIL, occurrences: 1 }], rules)
  await store.flush()
  await close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const cli = (args: readonly string[], at: Parameters<typeof runAtTerminal>[1] = {}) =>
  runAtTerminal(['--store', url, ...args], at)

describe('on a terminal', () => {
  it('nothing that was recorded controls it: escapes and marks of direction are shown as text', async () => {
    for (const args of [
      ['find'],
      ['find', '--json'],
      ['tail'],
      ['show', callId],
      ['show', callId, '--json'],
      ['groups'],
      ['timeline', EVIL],
      ['export', 'calls'],
      ['export', 'audit', '--format', 'csv'],
      ['stats'],
    ]) {
      const { code, out, err } = await cli(args)
      expect(code, `${args}: ${err}`).toBe(0)
      const text = (out + err).replace(OWN_SEQUENCES, '')
      expect(CONTROL.exec(text), args.join(' ')).toBeNull()
    }
  })

  it('answers in a table that fits, with colours', async () => {
    for (const columns of [80, 100, 160]) {
      const { out } = await cli(['find'], { columns })
      const lines = out.replace(OWN_SEQUENCES, '').trimEnd().split('\n')
      expect(lines).toHaveLength(10)
      for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(columns)
      expect(out).toMatch(OWN_SEQUENCES)
    }
    expect((await cli(['find'], { env: { NO_COLOR: '1' } })).out).not.toMatch(OWN_SEQUENCES)
  })

  it('asks before it removes anything, and takes anything but y for no', async () => {
    for (const typed of ['n\n', '\n', '']) {
      const refused = await cli(['prune', '--older-than', '30'], { typed })
      expect(refused.code, JSON.stringify(typed)).toBe(2)
      expect(refused.err).toContain(
        '6 records, and the dead letters and groups older than 30 days would be removed. Go on? [y/N]',
      )
    }
    expect(await cli(['prune', '--older-than', '30'], { typed: 'y\n' })).toMatchObject({
      code: 0,
      out: expect.stringContaining('6 records removed.'),
    })
  })

  it('asks also where only groups would go, and says in the store that they were removed', async () => {
    const fresh = `sqlite:${join(folder, 'groups.db')}`
    const { store, close } = await openStore(fresh, { readOnly: false })
    const seen = { firstSeenAt: Date.now() - 90 * DAY_MS, lastSeenAt: Date.now() - 80 * DAY_MS }
    const group = { ...seen, canReport: true, title: 'old', fingerprint: 'old', occurrences: 1 }
    await store.countGroups([group], { growth: 2, quietMs: 60_000 })
    await close()
    const prune = ['--store', fresh, 'prune', '--older-than', '30']
    const refused = await runAtTerminal(prune, { typed: 'n\n' })
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('groups older than') })
    expect((await runAtTerminal(['--store', fresh, 'show', 'old'])).code).toBe(0)
    expect((await runAtTerminal(prune, { typed: 'y\n' })).code).toBe(0)
    expect((await runAtTerminal(['--store', fresh, 'show', 'old'])).code).toBe(3)
    const told = await runAtTerminal(['--store', fresh, 'find', 'audit', '--type', 'cli-pruned'])
    expect(told.out).toContain('removed 0 records')
  })

  it('has room for a title on a narrow one, where lines are wrapped', async () => {
    const { out } = await cli(['find'], { columns: 60 })
    const [, ...lines] = out.replace(OWN_SEQUENCES, '').trimEnd().split('\n')
    for (const line of lines) expect(line).toMatch(/[^…\s][^…]{5,}… {2}\S{36}$/)
  })

  it('says in one line what is wrong, and what was meant', async () => {
    expect(await cli(['fnd'])).toMatchObject({
      code: 2,
      err: "fastify-scs: unknown command 'fnd' (Did you mean find?)\n",
    })
    const { code, err } = await cli(['find', 'reprts'])
    expect(code).toBe(2)
    expect(err).toContain('did you mean "reports"?')
    expect(err.trimEnd()).not.toContain('\n')
    const debug = await cli(['find', 'reprts', '--debug'])
    expect(debug.err).toMatch(/\n\s+at /)
    expect((await runAtTerminal(['find'])).code).toBe(2)
  })

  it('each command has a help text with an example', async () => {
    const { out } = await runAtTerminal(['--help'])
    const names = [...out.matchAll(/^ {2}([a-z]+) /gm)].flatMap(([, name]) => name ?? [])
    expect(names.length).toBeGreaterThan(15)
    for (const name of names.filter((each) => each !== 'help')) {
      const help = await runAtTerminal([name, '--help'])
      expect(help.code, name).toBe(0)
      expect(help.out, name).toMatch(/Examples?:\n {2}fastify-scs /)
    }
  })
})
