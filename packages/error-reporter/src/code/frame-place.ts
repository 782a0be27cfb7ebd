import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FramePlace } from './protocol.js'

/** Where a frame of a stack trace lies, as it stands there. */
export interface FrameLocation {
  /** A path or a URL. */
  readonly location: string
  readonly line: number
  readonly column: number
}

/** A line of a trace may be of a message, which may be long. */
const MAX_FRAME_CHARS = 1_000

/**
 * Reads a line of a stack trace as V8 writes it: `    at name (file:line:column)`, `    at async file:line:column`. Undefined for a line
 * that names no file.
 */
export function locationOf(traceLine: string): FrameLocation | undefined {
  if (traceLine.length > MAX_FRAME_CHARS) return undefined
  const line = traceLine.trim()
  if (!line.startsWith('at ')) return undefined
  const nameEnd = line.indexOf(' (')
  const isNamed = nameEnd >= 0 && line.endsWith(')')
  const place = isNamed ? line.slice(nameEnd + 2, -1) : line.slice(3).replace(/^async /, '')
  const match = /^(.+):(\d{1,9}):(\d{1,9})$/.exec(place)
  if (match === null) return undefined
  const [, location = '', lineText, columnText] = match
  if (!/^(?:file:\/\/|\/|[A-Za-z]:[\\/])/.test(location)) return undefined
  return { location, line: Number(lineText), column: Number(columnText) }
}

/** The place of a line of a trace that lies in a file of this system; undefined for any other line. */
export function placeOfFrame(traceLine: string): FramePlace | undefined {
  const found = locationOf(traceLine)
  if (found === undefined || found.line < 1 || found.column < 1) return undefined
  const file = pathOf(found.location)
  return file === undefined ? undefined : { file, line: found.line, column: found.column }
}

/** The path of a path or of a `file:` URL, whose query is no part of it; undefined for what is neither here. */
export function pathOf(location: string): string | undefined {
  try {
    const path = location.startsWith('file:') ? fileURLToPath(location) : location
    return isAbsolute(path) && !path.includes('\0') ? path : undefined
  } catch {
    // A URL of another host, or one that is not well encoded.
    return undefined
  }
}
