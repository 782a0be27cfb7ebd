import { statSync } from 'node:fs'
import { narrowedText, narrowToOwner, refuseForeignLink } from '@fastify-scs/core/kit/plain'
import type { StoreLog } from '@fastify-scs/store'
import { COMPANIONS } from './file-place.js'

/**
 * Makes the files that are there readable by their owner only, and tells so; a link is followed to a file of this user only.
 *
 * @throws SCS_ERR_SYMBOLIC_LINK
 */
export function ownFiles(path: string, log: StoreLog | undefined): void {
  for (const suffix of ['', ...COMPANIONS]) {
    const file = `${path}${suffix}`
    refuseForeignLink(file)
    // A folder in its place is told by who opens it.
    const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() === true
    const mode = isFile ? narrowToOwner(file) : undefined
    if (mode !== undefined) log?.warn({ path: file }, narrowedText(file, mode))
  }
}
