import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import scsPlugin from '@fastify-scs/core'
import store from '@fastify-scs/store'
import Fastify from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ENGINES, placesOn } from '../stories/databases.js'

const PROGRAM = join(import.meta.dirname, '../programs/world/cluster-service.mjs')

/** A line of it is still written to a shared pipe in one piece: up to 4,096 bytes are, by POSIX. */
const DETAIL_BYTES = 3_000

interface Seen {
  readonly ports: readonly number[]
  readonly crashes: readonly number[]
  readonly groups: readonly number[]
  readonly reports: readonly string[]
  readonly victim: number
  readonly answered: readonly { readonly n: number; readonly pid: number }[]
  readonly exits: readonly unknown[]
}

interface AuditLine {
  readonly event?: { readonly details: { readonly n: number } }
}

describe.each(ENGINES)('four workers of node:cluster on %s', (engine) => {
  const newPlace = placesOn(engine)

  it('share a port, a store and their groups, and a worker that is killed or replaced loses nothing that was answered', async () => {
    const { url, folder } = newPlace()
    // Each worker takes a second of the processor to start; that two are replaced is the same on both.
    const replaced = engine === 'SQLite' ? 2 : 0
    const story = { url, folder, detailBytes: DETAIL_BYTES, replaced }
    const primary = fork(PROGRAM, [JSON.stringify(story)], {
      cwd: folder,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    onTestFinished(() => void primary.kill('SIGKILL'))
    const output = text(primary.stdout as Readable)
    const errors = text(primary.stderr as Readable)
    const end = once(primary, 'exit')
    const told = await Promise.race([once(primary, 'message'), end.then(() => undefined)])
    if (told === undefined) throw new Error(await errors)
    const [seen] = told as [Seen]
    await end
    expect(await errors).toBe('')

    expect(seen.ports).toHaveLength(1)
    expect(seen.exits).toEqual([0, 0, 0])
    expect(new Set(seen.crashes)).toEqual(new Set([500]))
    expect(seen.groups).toEqual([40])
    // At the 1st, 2nd, 4th, 8th, 16th and 32nd occurrence of all workers together, though many may be seen at once.
    expect(seen.reports.length).toBeGreaterThanOrEqual(1)
    expect(seen.reports.length).toBeLessThanOrEqual(7)

    const answered = seen.answered.map(({ n }) => n).sort((one, other) => one - other)
    expect(new Set(seen.answered.map(({ pid }) => pid)).size).toBe(4 + replaced)
    expect(answered.length).toBeGreaterThan(150)
    expect(missing(answered, ordersIn((await output).split('\n')))).toEqual([])
    for (const { pid } of seen.answered) expect(pid).toBeGreaterThan(0)
    const files = readdirSync(folder).filter((name) => name.startsWith('audit-'))
    expect(
      missing(
        answered,
        files.flatMap((name) => linesOf(join(folder, name))),
      ),
    ).toEqual([])
    expect(missing(answered, await storedOrders(url, join(folder, 'outbox')))).toEqual([])
  }, 120_000)
})

function linesOf(file: string): number[] {
  return ordersIn(readFileSync(file, 'utf8').split('\n'))
}

/** The orders of the audit lines among lines of JSON; fails at a line that is torn or mixed with another. */
function ordersIn(lines: readonly string[]): number[] {
  return lines
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as AuditLine).event?.details.n)
    .filter((n) => n !== undefined)
}

function missing(expected: readonly number[], found: readonly number[]): readonly number[] {
  const all = new Set(found)
  return expected.filter((n) => !all.has(n))
}

/** What the store has once another process has opened it, which takes over what a killed worker has left. */
async function storedOrders(url: string, outboxPath: string): Promise<number[]> {
  const app = Fastify()
  await app.register(scsPlugin, { audit: false })
  await app.register(store, { url, outboxPath })
  const orders: number[] = []
  let cursor: string | undefined
  do {
    const more = cursor === undefined ? {} : { cursor }
    const page = await app.scsStore.find('audit_events', { limit: 500, ...more })
    for (const { data } of page.items) {
      const { event } = data as unknown as AuditLine
      if (event !== undefined) orders.push(event.details.n)
    }
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  await app.close()
  return orders
}
