import { fileURLToPath } from 'node:url'
import type { SampledFrame } from './protocol.js'

/** The folders of this package and of core: their frames are not the application's, also where they are not installed but linked. */
export function ownFolders(): readonly string[] {
  const here: string | undefined = import.meta.url
  // In a bundle the application's code is in the same file.
  if (here === undefined || !/\/blocked\/frames\.[jt]s$/.test(here)) return []
  const folders = [new URL('..', here).href]
  try {
    folders.push(new URL('.', import.meta.resolve('@fastify-scs/core')).href)
  } catch {
    // A loader that cannot resolve.
  }
  return folders
}

/** Whether a frame lies in the application: not in a package, not in Node.js, not in a native function. */
export function isOwnFrame({ url }: SampledFrame, notOwn: readonly string[]): boolean {
  if (url === '' || /^(?:node|data|evalmachine|wasm):/.test(url)) return false
  if (/[\\/]node_modules[\\/]/.test(url)) return false
  return !notOwn.some((folder) => url.startsWith(folder))
}

/** The file of a frame: a path, or `node:fs`. */
export function fileOf({ url }: SampledFrame): string {
  if (!url.startsWith('file:')) return url
  try {
    return fileURLToPath(url)
  } catch {
    return url
  }
}

/** The function of a frame. */
export function nameOf({ name }: SampledFrame): string {
  return name === '' ? '(anonymous)' : name
}

/** A frame as V8 writes it in the stack of an error. */
export function stackLineOf(frame: SampledFrame): string {
  const place = `${frame.url === '' ? '<anonymous>' : frame.url}:${frame.line}:${frame.column}`
  return frame.name === '' ? `    at ${place}` : `    at ${frame.name} (${place})`
}
