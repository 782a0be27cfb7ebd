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
 * application's root is a folder of the repository. Null without one. Never throws.
 *
 * Source: https://git-scm.com/docs/gitrepository-layout
 */
export function gitCommit(root: string): string | null {
  for (const folder of foldersFrom(root)) {
    const repository = repositoryOf(join(folder, '.git'))
    if (repository !== undefined) return commitOf(repository)
  }
  return null
}

/** The folder with the HEAD of a checkout: `.git` itself, or in a worktree and a submodule the one that the file `.git` names. */
function repositoryOf(dotGit: string): string | undefined {
  if (isFolder(dotGit)) return dotGit
  const named = smallFile(dotGit, MAX_REF_BYTES)
  const path = /^gitdir: ([^\n\0]+)\n?$/.exec(named ?? '')?.[1]
  return path === undefined ? undefined : resolve(dotGit, '..', path)
}

function commitOf(repository: string): string | null {
  const head = lineOf(join(repository, 'HEAD'))
  if (head === undefined) return null
  if (HASH.test(head)) return head
  const ref = /^ref: (.+)$/.exec(head)?.[1]
  if (ref === undefined || !REF.test(ref)) return null
  // The branches of a worktree are in the repository that it belongs to.
  const common = lineOf(join(repository, 'commondir'))
  const folder = common === undefined ? repository : resolve(repository, common)
  const loose = lineOf(join(folder, ref))
  if (loose !== undefined) return HASH.test(loose) ? loose : null
  return packedCommit(smallFile(join(folder, 'packed-refs'), MAX_PACKED_BYTES), ref)
}

function packedCommit(packed: string | undefined, ref: string): string | null {
  const line = packed?.split('\n').find((each) => each.endsWith(` ${ref}`))
  const hash = line?.slice(0, line.indexOf(' '))
  return hash !== undefined && HASH.test(hash) ? hash : null
}

function lineOf(path: string): string | undefined {
  return smallFile(path, MAX_REF_BYTES)?.trim()
}
