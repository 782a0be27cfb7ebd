import { renameSync, statSync } from 'node:fs'
import { COMPANIONS } from './file-place.js'

/** Which file it was that is damaged; undefined when there is none. */
export function inodeOf(path: string): bigint | undefined {
  return statSync(path, { throwIfNoEntry: false, bigint: true })?.ino
}

/**
 * Renames a damaged file with its log, so that another one can be begun; returns its new path, undefined when another
 * process was faster.
 *
 * @throws what the file system says
 */
export function keepAside(path: string, inode: bigint | undefined): string | undefined {
  if (inode === undefined || inodeOf(path) !== inode) return undefined
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const aside = `${path}.damaged-${time}`
  // The log goes first: beside a new file SQLite would take it for that file's.
  for (const suffix of [...COMPANIONS, '']) {
    try {
      renameSync(`${path}${suffix}`, `${aside}${suffix}`)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return aside
}
