import { type FoundRecord, textAt } from '@fastify-scs/core/kit'
import type { CallRow } from '../api/model.js'
import type { Read } from '../query/query-gate.js'
import { callRow } from './rows.js'

const KIND = 'integration_requests'
/** Attempts that are listed. */
const MAX_ATTEMPTS = 50
/** Attempts that are followed back. */
const MAX_STEPS = 20

/** All attempts of a call, oldest first, itself among them; none where it neither was sent again nor repeats another one. */
export async function attemptsOf(read: Read, found: FoundRecord): Promise<CallRow[]> {
  const first = await firstOf(read, found)
  const attempts = new Map([first, found].map((each) => [each.id, each]))
  // Grows while it is gone through: an attempt may have been sent again, too.
  for (const { id } of attempts.values()) {
    if (attempts.size >= MAX_ATTEMPTS) break
    // integration-log names the repeated call so.
    const filter = { fingerprint: id, limit: MAX_ATTEMPTS - attempts.size }
    const { items } = await read((store) => store.find(KIND, filter))
    for (const item of items) attempts.set(item.id, item)
  }
  if (attempts.size === 1) return []
  const rows = [...attempts.values()].map(callRow)
  return rows.sort((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1))
}

async function firstOf(read: Read, found: FoundRecord): Promise<FoundRecord> {
  let first = found
  const known = new Set([found.id])
  while (known.size <= MAX_STEPS) {
    const id = textAt(first.data, 'retryOf')
    // An application may name any text, even the record itself.
    if (id === null || known.has(id)) break
    known.add(id)
    const before = await read((store) => store.get(KIND, id))
    if (before === undefined) break
    first = before
  }
  return first
}
