import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs'

/** The text of a regular file of at most so many bytes; undefined for anything else. Never throws. */
export function smallFile(path: string, maxBytes: number): string | undefined {
  try {
    // By way of a link as well; to open a FIFO would wait.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const stats = fstatSync(fd)
      return stats.isFile() && stats.size <= maxBytes ? readFileSync(fd, 'utf8') : undefined
    } finally {
      closeSync(fd)
    }
  } catch {
    // It does not exist, or this user may not read it.
    return undefined
  }
}

/** Whether a path is a folder itself, no link to one. Never throws. */
export function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
