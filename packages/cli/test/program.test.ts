import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { PostgresDatabase } from '../../store-postgres/test/postgres-server.js'
import { crashOnce, type Filled, SECRET, startService } from './fill-store.js'
import { jsonOf, PROGRAM, type Running, runPiped, runProgram, startProgram } from './run-program.js'

const running: Running[] = []
afterEach(() => {
  for (const { process } of running.splice(0)) process.kill('SIGKILL')
})

/** A store that a service writes at the same time. */
interface Place {
  readonly url: string
  remove(): Promise<void>
}

const PLACES = {
  async sqlite(): Promise<Place> {
    const folder = mkdtempSync(join(tmpdir(), 'scs-cli-'))
    const remove = async () => rmSync(folder, { recursive: true, force: true })
    return { url: `sqlite:${join(folder, 'scs.db')}`, remove }
  },
  async postgres(): Promise<Place> {
    const database = await PostgresDatabase.create()
    return { url: database.url(), remove: async () => void (await database.remove()) }
  },
}

describe.each(['sqlite', 'postgres'] as const)(
  'over a store in %s that a service writes',
  (engine) => {
    let place: Place
    let service: FastifyInstance
    let filled: Filled

    beforeAll(async () => {
      place = await PLACES[engine]()
      service = await startService(place.url)
      filled = await crashOnce(service)
    })
    afterAll(async () => {
      await service.close()
      await place.remove()
    })

    const cli = (...args: readonly string[]) => runPiped('--store', place.url, ...args)

    it('finds records of all kinds, newest first, as lines of JSON', async () => {
      const { code, out, err } = await runProgram('--store', place.url, 'find')
      expect({ code, err }).toEqual({ code: 0, err: '' })
      const rows = jsonOf(out)
      const kinds = new Set(rows.map(({ kind }) => kind))
      expect(kinds).toEqual(new Set(['reports', 'integration_requests', 'audit_events']))
      const times = rows.map(({ createdAt }) => Number(createdAt))
      expect(times).toEqual(times.toSorted((one, other) => other - one))
      expect(out).not.toContain(SECRET)
    })

    it('filters as the console does, and goes on by a cursor', async () => {
      const fatal = await cli('find', 'reports', '--status', 'fatal', '--from', '-1h')
      expect(jsonOf(fatal.out)).toMatchObject([{ status: 'fatal', requestId: filled.requestId }])
      const of42 = await cli('find', 'calls', '--reference', 'Order:42', '--service', 'stripe')
      expect(jsonOf(of42.out)).toMatchObject([{ reference: { type: 'Order', id: '42' } }])
      const before = await cli('find', '--to', '-1h')
      expect(before).toMatchObject({ code: 0, out: '', err: 'Nothing was found.\n' })
      const all = jsonOf((await cli('find', '--all')).out)
      const first = await cli('find', '--limit', '2')
      const cursor = /--cursor (\S+),/.exec(first.err)?.[1] ?? ''
      const rest = await cli('find', '--cursor', cursor)
      expect([...jsonOf(first.out), ...jsonOf(rest.out)]).toEqual(all)
    })

    it('shows a crash by its id and by the error id that the client was shown', async () => {
      const found = await cli('find', 'reports', '--status', 'fatal')
      const id = String(jsonOf(found.out)[0]?.id)
      const byId = await cli('show', id)
      const [record] = jsonOf(byId.out)
      expect(record).toMatchObject({
        id,
        data: { error_id: filled.errorId, request: { url: '/crash?id=7' } },
      })
      expect((await cli('show', filled.errorId)).out).toBe(byId.out)
      const { out } = await cli('show', id, '--table')
      for (const text of ['Stack trace', 'fill-store.ts', '> ', 'Request GET /crash?id=7', 'audit'])
        expect(out).toContain(text)
      expect(out).not.toContain(SECRET)
    })

    it('shows the time line of a request', async () => {
      const { code, out } = await cli('timeline', filled.requestId)
      const whats = jsonOf(out).map(({ what }) => what)
      expect(code).toBe(0)
      expect(whats).toEqual(expect.arrayContaining(['arrival', 'audit', 'call', 'crash', 'answer']))
      expect(await cli('timeline', 'nobody')).toMatchObject({ code: 3, out: '' })
    })

    it('decides about a group, and says who did so in an audit event of the store', async () => {
      const fingerprint = String(
        jsonOf((await cli('groups', '--kind', 'fatal')).out)[0]?.fingerprint,
      )
      const { out } = await cli('resolve', fingerprint, '--in', '1.4.1')
      expect(jsonOf(out)).toMatchObject([{ status: 'resolved', resolvedIn: '1.4.1' }])
      expect(jsonOf((await cli('groups', '--kind', 'fatal')).out)).toEqual([])
      const muted = await cli(
        'mute',
        fingerprint,
        '--until',
        '2d',
        '--for',
        '5',
        '--reason',
        'known',
      )
      expect(jsonOf(muted.out)).toMatchObject([
        { status: 'muted', reason: 'known', mutedUntil: expect.any(Number) },
      ])
      expect(jsonOf((await cli('assign', fingerprint, 'ada')).out)).toMatchObject([
        { assignee: 'ada', changedBy: userInfo().username },
      ])
      expect(jsonOf((await cli('reopen', fingerprint)).out)).toMatchObject([{ status: 'open' }])
      const shown = jsonOf((await cli('show', fingerprint)).out)
      expect(shown).toMatchObject([
        { group: { status: 'open' }, routes: [{ value: 'GET /crash' }] },
      ])
      const events = jsonOf((await cli('find', 'audit', '--type', 'cli-changed')).out)
      expect(events).toHaveLength(4)
      expect(events[0]).toMatchObject({ service: 'cli', user: userInfo().username })
      expect(await cli('resolve', 'nothing')).toMatchObject({ code: 3 })
    })

    it('says what the store holds', async () => {
      const [stats] = jsonOf((await cli('stats')).out)
      expect(stats).toMatchObject({ engine, releases: [{ release: '1.4.0' }], deadLetters: 0 })
    })

    it('finds the store and what is in it whole, and fit to be used', async () => {
      for (const command of ['verify', 'doctor']) {
        const { code, out } = await cli(command)
        const bad = jsonOf(out).filter(({ state }) => state === 'bad')
        expect({ code, bad }, command).toEqual({ code: 0, bad: [] })
        expect(jsonOf(out).map(({ what }) => what)).toContain('schema')
      }
    })

    it('follows what the service writes, and ends well with Ctrl-C', async () => {
      const tail = startProgram(['--store', place.url, 'tail', '-f', 'audit', '-n', '0'])
      running.push(tail)
      // It learns first what is there: of the events of one call after the other, the later ones come.
      const adding = setInterval(() => void service.inject('/crash'), 100)
      await tail.said(/"order-noted".*\n.*"order-noted"/)
      clearInterval(adding)
      tail.process.kill('SIGINT')
      const { code, out } = await tail.ended
      expect(code).toBe(0)
      const ids = jsonOf(out).map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
    })

    it('removes old records only where somebody has said yes, and says so in an audit event', async () => {
      await service.inject('/slow')
      await service.scsStore.flush()
      const refused = await cli('prune', '--older-than', '0', '--kind', 'integration_requests')
      expect(refused).toMatchObject({ code: 2, out: '' })
      expect(refused.err).toContain('--yes')
      expect(jsonOf((await cli('find', 'calls')).out)).not.toEqual([])
      const args = [
        'prune',
        '--older-than',
        '0',
        '--kind',
        'integration_requests',
        '--yes',
      ] as const
      const [answer] = jsonOf((await cli(...args)).out)
      expect(Number(answer?.removed)).toBeGreaterThan(0)
      expect(jsonOf((await cli('find', 'calls')).out)).toEqual([])
      expect(jsonOf((await cli('find', 'reports')).out)).not.toEqual([])
      const events = jsonOf((await cli('find', 'audit', '--type', 'cli-pruned')).out)
      expect(events).toMatchObject([{ service: 'cli', level: 'WARN' }])
    })

    it('has a user forgotten', async () => {
      expect(await cli('forget', 'ada')).toMatchObject({ code: 2, out: '' })
      expect(jsonOf((await cli('find', 'reports', '--user', 'ada')).out)).not.toEqual([])
      const { code, out } = await cli('forget', 'ada', '--yes', '--pseudonym', 'nobody-1')
      expect(code).toBe(0)
      expect(jsonOf(out)).toMatchObject([{ pseudonym: 'nobody-1' }])
      expect((await cli('find', '--all')).out).not.toContain('"user":"ada"')
      const events = jsonOf((await cli('find', 'audit', '--type', 'user-forgotten')).out)
      expect(events).toMatchObject([{ service: 'cli' }])
    })
  },
)

it('never says the password of a URL', async () => {
  const url = 'postgres://app:geh%40im@127.0.0.1:9/none'
  for (const args of [
    ['doctor'],
    ['find', '--wrong'],
    ['verify'],
    ['find', '--debug'],
    ['find', url],
  ]) {
    const { out, err, code } = await runPiped('--store', url, ...args)
    expect(out + err).not.toContain('geh')
    expect(code, args.join(' ')).toBeGreaterThan(0)
  }
})

it('never says the password where the scheme of the URL is missing or unknown', async () => {
  for (const url of ['app:geheim@host/db', 'mysql://app:ge#heim@host/db', 'app:ge heim@host/db']) {
    const { out, err, code } = await runPiped('--store', url, 'find', '--debug')
    expect(out + err, url).not.toContain('heim')
    expect(err, url).toContain('app:***@host/db')
    expect(code, url).toBe(1)
  }
})

it('says in one line that the output cannot be written', async () => {
  const { url, remove } = await PLACES.sqlite()
  const service = await startService(url)
  await crashOnce(service)
  await service.close()
  const program = `"${process.execPath}" "${PROGRAM}"`
  const full = spawn('bash', ['-c', `${program} find --store "${url}" > /dev/full`])
  let err = ''
  full.stderr.on('data', (chunk) => {
    err += chunk
  })
  const [code] = await once(full, 'close')
  expect({ code, err }).toEqual({
    code: 1,
    err: 'fastify-scs: ENOSPC: no space left on device, write\n',
  })
  const left = spawn('bash', ['-c', `${program} --help | true; echo "\${PIPESTATUS[0]}"`])
  let said = ''
  for (const stream of [left.stdout, left.stderr])
    stream.on('data', (chunk) => {
      said += chunk
    })
  await once(left, 'close')
  expect(said).toBe('0\n')
  await remove()
})

it('ends without a word when whoever reads has left', async () => {
  const { url, remove } = await PLACES.sqlite()
  const service = await startService(url)
  await crashOnce(service)
  for (let count = 0; count < 300; count++) await service.inject(`/crash?id=${'x'.repeat(500)}`)
  await service.close()
  const shell = `"${process.execPath}" "${PROGRAM}" export audit --store "${url}"`
  const child = spawn('bash', ['-c', `${shell} | head -n 1; echo "\${PIPESTATUS[0]}"`])
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  await once(child, 'close')
  expect(err).toBe('')
  expect(out.trim().split('\n')).toHaveLength(2)
  expect(out.trim().endsWith('\n0')).toBe(true)
  await remove()
})
