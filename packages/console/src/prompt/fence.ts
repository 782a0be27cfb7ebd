import { cutVisible } from './observed-text.js'

/** What each line of recorded text begins with; a line of ours never does. */
export const OBSERVED_MARK = '| '

/** One part of the prompt: its lines, those of recorded text marked. */
export interface PromptSection {
  readonly title: string
  readonly lines: readonly string[]
}

/** How much of a recorded text is kept. */
export interface FenceLimits {
  readonly maxLines: number
  /** Of all lines together. */
  readonly maxChars: number
  /** @default 500 */
  readonly maxLineChars?: number
}

/**
 * Puts recorded text behind marks, line by line. A line cannot leave the fence: its breaks of any kind are escaped, so that each line
 * that comes out begins with the mark.
 */
export function fenced(
  lines: readonly string[],
  { maxLines, maxChars, maxLineChars = 500 }: FenceLimits,
): string[] {
  const kept: string[] = []
  let chars = 0
  for (const line of lines.slice(0, maxLines)) {
    const shown = `${OBSERVED_MARK}${cutVisible(line, maxLineChars)}`
    chars += shown.length + 1
    if (chars > maxChars) break
    kept.push(shown)
  }
  const leftOut = lines.length - kept.length
  return leftOut === 0 ? kept : [...kept, `(${leftOut} more lines are left out here.)`]
}

/** The lines of a recorded text. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\n/)
}
