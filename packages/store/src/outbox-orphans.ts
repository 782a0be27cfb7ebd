import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { OutboxOwner } from './outbox-owner.js'

/** Files of an outbox whose owner is gone, oldest first. @throws what the file system says */
export async function orphansIn(folder: string, owner: OutboxOwner): Promise<string[]> {
  const found: { name: string; modifiedMs: number }[] = []
  for (const name of namesIn(folder)) {
    const modifiedMs = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs
    if (modifiedMs !== undefined && (await owner.isOrphan(name, modifiedMs)))
      found.push({ name, modifiedMs })
  }
  found.sort((one, other) => one.modifiedMs - other.modifiedMs || (one.name < other.name ? -1 : 1))
  return found.map(({ name }) => name)
}

/** Removes what locks leave behind when their process dies, once no files belong to them. @throws what the file system says */
export async function removeDeadLocks(folder: string, owner: OutboxOwner): Promise<void> {
  for (const name of namesIn(folder)) {
    if (!(await owner.isDeadLock(name))) continue
    const hasFiles = namesIn(folder).some((file) => owner.isLockOf(name, file))
    if (!hasFiles) rmSync(join(folder, name), { force: true })
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
