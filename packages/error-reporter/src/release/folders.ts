import { dirname } from 'node:path'

/** A folder and those above it, up to the root of the file system. */
export function* foldersFrom(folder: string): Generator<string> {
  for (let path = folder; ; path = dirname(path)) {
    yield path
    if (dirname(path) === path) return
  }
}
