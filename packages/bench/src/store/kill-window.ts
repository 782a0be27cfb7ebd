import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { StoreOptions } from '@fastify-scs/store'
import { nextMessage, startChild } from '../child.js'
import { startedStore } from '../programs/app-with-store.js'

const module = new URL('../programs/store-until-killed.js', import.meta.url)
/** Not at the same place of a flush each time, in milliseconds. */
const RUN_MS = { least: 1_000, most: 2_000 }

/** What one kill has cost. */
export interface Kill {
  readonly written: number
  readonly lost: number
  /** How long before the end of the process the oldest lost record was written, in milliseconds; 0 when none is lost. */
  readonly oldestLostMs: number
}

/** Kills a host that writes, starts the next one, and counts what is not there. */
export async function killOnce(durability: NonNullable<StoreOptions['durability']>): Promise<Kill> {
  const folder = mkdtempSync(join(tmpdir(), 'fastify-scs-kill-'))
  try {
    const [path, journal] = [join(folder, 'scs.db'), join(folder, 'journal')]
    const child = startChild({ module, args: [path, journal, durability] })
    await nextMessage(child, 'start')
    await delay(RUN_MS.least + Math.random() * (RUN_MS.most - RUN_MS.least))
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    return reportKill(readFileSync(journal, 'utf8'), await idsIn(path))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a journal has that a store does not; its last record may not have been handed over when the process ended. */
export function reportKill(journal: string, stored: ReadonlySet<string>): Kill {
  const lines = journal.split('\n').slice(0, -1)
  const written = lines.map((line) => line.split(' ') as [id: string, atMs: string])
  const endMs = Number(written.at(-1)?.[1] ?? 0)
  const lost = written.slice(0, -1).filter(([id]) => !stored.has(id))
  const oldestLostMs = lost.length === 0 ? 0 : endMs - Number(lost[0]?.[1])
  return { written: written.length, lost: lost.length, oldestLostMs }
}

/** The records that the next start of a host has. */
async function idsIn(path: string): Promise<Set<string>> {
  const store = await startedStore({ url: `sqlite:${path}` })
  if (!(await store.flush())) throw new Error('The store does not take what was left')
  const ids = new Set<string>()
  let cursor: string | undefined
  do {
    const filter = { limit: 500, ...(cursor === undefined ? {} : { cursor }) }
    const page = await store.find('integration_requests', filter)
    for (const { id } of page.items) ids.add(id)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return ids
}
