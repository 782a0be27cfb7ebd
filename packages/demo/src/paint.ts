import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** The colour of a line, by how it begins; the first that fits. */
const STYLES: readonly (readonly [RegExp, Style])[] = [
  [/^# /, 'bold'],
  [/^> /, 'cyan'],
  [/^< [123]/, 'green'],
  [/^< 4/, 'yellow'],
  [/^< 5/, 'red'],
  [/^ {2}audit /, 'magenta'],
  [/^ {2}log ERROR/, 'red'],
  [/^ {2}FATAL /, 'red'],
  [/^ {2}NON-FATAL /, 'yellow'],
  [/^ {2}(?:->|<-) .* Failed /, 'red'],
]

/** Colours the lines of a text. */
export function painted(text: string): string {
  return text.split('\n').map(paintedLine).join('\n')
}

/** Makes a function that prints to a stream, in colours where that is a terminal which has them; `NO_COLOR` switches them off. */
export function printerTo(
  out: Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'hasColors'>>,
): (text: string) => void {
  const hasColors = out.isTTY === true && out.hasColors?.() === true
  return (text) => void out.write(`${hasColors ? painted(text) : text}\n`)
}

function paintedLine(line: string): string {
  const style = STYLES.find(([begins]) => begins.test(line))?.[1]
  return style === undefined ? line : styleText(style, line)
}
