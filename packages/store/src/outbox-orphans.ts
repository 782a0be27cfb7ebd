import { lstatSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { OutboxOwner } from './outbox-owner.js'

/** Files of an outbox whose owner is gone, oldest first. @throws what the file system says */
export async function orphansIn(folder: string, owner: OutboxOwner): Promise<string[]> {
  const found: { name: string; modifiedMs: number }[] = []
  for (const name of namesIn(folder)) {
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false })
    // Nothing of this package is a link or a folder.
    if (stats?.isFile() === true && (await owner.isOrphan(name, stats.mtimeMs)))
      found.push({ name, modifiedMs: stats.mtimeMs })
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
