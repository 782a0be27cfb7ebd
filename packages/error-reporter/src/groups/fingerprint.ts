import { createHash } from 'node:crypto'
import type { ErrorTraits } from './error-traits.js'

/** Frames of the application that count. */
const MAX_FRAMES = 5
const MAX_STACK_LINES = 50
const MAX_MESSAGE_CHARS = 512

// UUIDs, words of 16 characters or more with a digit in them (tokens, ULIDs), hashes, numbers: all have a digit.
const IDS =
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[A-Za-z_]{0,64}\d)\w{16,}\b|\b(?=[a-f]{0,64}\d)[0-9a-f]{8,}\b|\d+/gi

/** A message without what differs from one occurrence to the next: ids, numbers, hashes. */
export function normalizeMessage(message: string): string {
  const text = message.length > MAX_MESSAGE_CHARS ? message.slice(0, MAX_MESSAGE_CHARS) : message
  // Most messages have none, and this look is ten times cheaper.
  return /\d/.test(text) ? text.replace(IDS, '#') : text
}

/**
 * Makes the fingerprint of an error: its name, code and normalised message, what it has come from, and where in the
 * application it began. Without line numbers, so that a group outlives a release.
 */
export function fingerprintOf(
  kind: string,
  traits: ErrorTraits,
  stack: string | undefined,
  root: string,
): string {
  const { name, code, message, origins } = traits
  const frames = framesOf(stack ?? '', root)
  const parts = [kind, name, code, normalizeMessage(message), ...origins, ...frames]
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16)
}

/** The frames of a stack trace that lie in the application, as `function file`; the topmost of any kind if none does. */
export function framesOf(stack: string, root: string): readonly string[] {
  const lines = stack.split('\n', MAX_STACK_LINES).filter((line) => /^\s+at /.test(line))
  const own = lines.filter((line) => !/node:|[\\/]node_modules[\\/]|<anonymous>\)?$/.test(line))
  return (own.length > 0 ? own : lines).slice(0, MAX_FRAMES).map((line) => frameOf(line, root))
}

function frameOf(line: string, root: string): string {
  const frame = line
    .trim()
    .slice('at '.length)
    .replace(/^async /, '')
    .replace(/:\d+:\d+(?=\)?$)/, '')
    .replace('file://', '')
  return frame.replace(root, '')
}
