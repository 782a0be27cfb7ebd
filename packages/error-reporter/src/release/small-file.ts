import { constants } from 'node:fs'
import { lstat, open } from 'node:fs/promises'

/** The text of a regular file of at most so many bytes; undefined for anything else. Never rejects. */
export async function smallFile(path: string, maxBytes: number): Promise<string | undefined> {
  try {
    // By way of a link as well; to open a FIFO would wait.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const stats = await handle.stat()
      return stats.isFile() && stats.size <= maxBytes ? await handle.readFile('utf8') : undefined
    } finally {
      await handle.close()
    }
  } catch {
    // It does not exist, or this user may not read it.
    return undefined
  }
}

/** Whether a path is a folder itself, no link to one. Never rejects. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory()
  } catch {
    return false
  }
}
