import { join, resolve } from 'node:path'
import { foldersFrom } from './folders.js'
import { isFolder, smallFile } from './small-file.js'

const MAX_REF_BYTES = 4_096
const MAX_PACKED_BYTES = 16_777_216
const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/
/** The name of a branch or a tag, which is a path as well. */
const REF = /^refs\/(?!.*\.\.)[^\s\\:?*[^~]+$/

/**
 * The commit that is checked out in a folder, read from the files of its repository, or of the nearest one above it: in a monorepo the
 * application's root is a folder of the repository. Null without one. Never rejects.
 *
 * Source: https://git-scm.com/docs/gitrepository-layout
 */
export async function gitCommit(root: string): Promise<string | null> {
  for (const folder of foldersFrom(root)) {
    const repository = await repositoryOf(join(folder, '.git'))
    if (repository !== undefined) return await commitOf(repository)
  }
  return null
}

/** The folder with the HEAD of a checkout: `.git` itself, or in a worktree and a submodule the one that the file `.git` names. */
async function repositoryOf(dotGit: string): Promise<string | undefined> {
  if (await isFolder(dotGit)) return dotGit
  const named = await smallFile(dotGit, MAX_REF_BYTES)
  const path = /^gitdir: ([^\n\0]+)\n?$/.exec(named ?? '')?.[1]
  return path === undefined ? undefined : resolve(dotGit, '..', path)
}

async function commitOf(repository: string): Promise<string | null> {
  const head = await lineOf(join(repository, 'HEAD'))
  if (head === undefined) return null
  if (HASH.test(head)) return head
  const ref = /^ref: (.+)$/.exec(head)?.[1]
  if (ref === undefined || !REF.test(ref)) return null
  // The branches of a worktree are in the repository that it belongs to.
  const common = await lineOf(join(repository, 'commondir'))
  const folder = common === undefined ? repository : resolve(repository, common)
  const loose = await lineOf(join(folder, ref))
  if (loose !== undefined) return HASH.test(loose) ? loose : null
  return packedCommit(await smallFile(join(folder, 'packed-refs'), MAX_PACKED_BYTES), ref)
}

function packedCommit(packed: string | undefined, ref: string): string | null {
  const line = packed?.split('\n').find((each) => each.endsWith(` ${ref}`))
  const hash = line?.slice(0, line.indexOf(' '))
  return hash !== undefined && HASH.test(hash) ? hash : null
}

async function lineOf(path: string): Promise<string | undefined> {
  return (await smallFile(path, MAX_REF_BYTES))?.trim()
}
