import { accessSync, constants, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { StoreFinding } from '@fastify-scs/store'
import { COMPANIONS } from '../file/file-place.js'

const MIB = 1_048_576
/** Less free disk than this is bad, in bytes: a checkpoint of SQLite needs as much. */
const BAD_BYTES = 50 * MIB
/** Less than this is worth a word. */
const LOW_BYTES = 500 * MIB
const OTHERS = 0o077

/** Whether this process may read and write the file, and its folder, where SQLite makes files of its own. */
export function rightsFinding(path: string): StoreFinding {
  const what = 'permissions'
  if (!may(path, constants.R_OK))
    return {
      what,
      state: 'bad',
      says: `${path} may not be read by this user`,
      fix: 'Run this as the user of the service, or give this user the right to read the file.',
    }
  const isWritable = may(path, constants.W_OK) && may(dirname(path), constants.W_OK)
  if (!isWritable)
    return {
      what,
      state: 'warning',
      says: `${path} or its folder may not be written by this user: it can only read`,
      fix: `A service needs to write the file, ${COMPANIONS.map((end) => `${path}${end}`).join(' and ')}.`,
    }
  const mode = statSync(path).mode & 0o777
  if ((mode & OTHERS) !== 0 && process.platform !== 'win32')
    return {
      what,
      state: 'warning',
      says: `others than its owner have access to ${path} (mode ${mode.toString(8)})`,
      fix: `chmod 600 ${path}`,
    }
  return { what, state: 'good', says: 'the file and its folder can be read and written' }
}

/** Whether the disk has room. */
export function diskFinding(path: string): StoreFinding {
  const what = 'disk'
  const { bavail, bsize } = statfsSync(dirname(path))
  const free = bavail * bsize
  const says = `${Math.round(free / MIB).toLocaleString('en-GB')} MiB are free, the file has ${Math.ceil(statSync(path).size / MIB).toLocaleString('en-GB')} MiB`
  if (free >= LOW_BYTES) return { what, state: 'good', says }
  return {
    what,
    state: free < BAD_BYTES ? 'bad' : 'warning',
    says,
    fix: 'Free some of the disk, or let the service keep less: retentionDays, maxBytes.',
  }
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}
