import { lstatSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FileOwner } from './file-owner.js'

/** Files of a folder whose owner is gone, oldest first. @throws what the file system says */
export async function orphansIn(folder: string, owner: FileOwner): Promise<string[]> {
  const found: { name: string; modifiedMs: number }[] = []
  for (const name of namesIn(folder)) {
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false })
    // No links and no folders are made here.
    if (stats?.isFile() === true && (await owner.isOrphan(name, stats.mtimeMs)))
      found.push({ name, modifiedMs: stats.mtimeMs })
  }
  found.sort((one, other) => one.modifiedMs - other.modifiedMs || (one.name < other.name ? -1 : 1))
  return found.map(({ name }) => name)
}

/** Removes locks whose process has died, once no files belong to them. @throws what the file system says */
export async function removeDeadLocks(folder: string, owner: FileOwner): Promise<void> {
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
