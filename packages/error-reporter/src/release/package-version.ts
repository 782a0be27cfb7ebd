import { join } from 'node:path'
import { foldersFrom } from './folders.js'
import { smallFile } from './small-file.js'

const MAX_BYTES = 1_048_576
const MAX_VERSION_CHARS = 128
/** What stands where the version is not kept up: nobody's release is called so. */
const PLACEHOLDER = /^0\.0\.0(?:$|[-+])/

/**
 * The version in the package.json of an application: of the nearest one, from its root upwards, that has a name or a version; one that
 * only says `"type": "module"` is passed over. Null without a version, and for `0.0.0`. Never throws.
 */
export function packageVersion(root: string): string | null {
  for (const folder of foldersFrom(root)) {
    const text = smallFile(join(folder, 'package.json'), MAX_BYTES)
    const found = text === undefined ? undefined : read(text)
    if (found === undefined || (found.name === undefined && found.version === undefined)) continue
    const { version } = found
    if (typeof version !== 'string' || version === '' || version.length > MAX_VERSION_CHARS) {
      return null
    }
    return PLACEHOLDER.test(version) ? null : version
  }
  return null
}

function read(text: string): { readonly name?: unknown; readonly version?: unknown } | undefined {
  try {
    const content: unknown = JSON.parse(text)
    return typeof content === 'object' && content !== null ? content : undefined
  } catch {
    return undefined
  }
}
