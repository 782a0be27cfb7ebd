import { fieldsOf, listOf, numberOf, textOf, textsOf } from '../records/fields.js'
import { type Frame, readFrame } from './frames.js'

/** The lines of code around a frame of a trace. */
export interface CodeLines {
  /** The file as people know it: the TypeScript file where a source map names it. */
  readonly file: string
  readonly line: number
  readonly column: number | undefined
  /** The number of the first of the lines. */
  readonly firstLine: number
  readonly lines: readonly string[]
}

/** The code of a report, by the place of the frame that it is about. */
export type CodeByPlace = ReadonlyMap<string, CodeLines>

/** Reads the lines of code of a report; what is not as expected is left out. */
export function readCode(value: unknown): CodeByPlace {
  const code = new Map<string, CodeLines>()
  for (const each of listOf(value)) {
    const fields = fieldsOf(each)
    const frame = textOf(fields?.frame)
    const file = textOf(fields?.file)
    const line = numberOf(fields?.line)
    if (fields === undefined || frame === undefined || file === undefined || line === undefined)
      continue
    code.set(placeOf(readFrame(frame)), {
      file,
      line,
      column: numberOf(fields.column),
      firstLine: numberOf(fields.first_line) ?? line,
      lines: textsOf(fields.lines),
    })
  }
  return code
}

/** Where a frame is, as the code of a report is found by it: several frames may be at one place. */
export function placeOf({
  file,
  line,
  column,
}: {
  readonly file?: string | undefined
  readonly line?: number | undefined
  readonly column?: number | undefined
}): string {
  return `${file}:${line}:${column}`
}

/** The code of a place of which the column is not certain: samples of one line are put together, wherever within it they were. */
export function codeOfLine(
  code: CodeByPlace,
  frame: {
    readonly file: string
    readonly line: number | undefined
    readonly column: number | undefined
  },
): CodeLines | undefined {
  const exact = code.get(placeOf(frame))
  if (exact !== undefined) return exact
  const onLine = [...code].filter(([place]) => place.startsWith(`${frame.file}:${frame.line}:`))
  return onLine.length === 1 ? onLine[0]?.[1] : undefined
}

/** `src/orders.ts:40:24` */
export function placeText({
  file,
  line,
  column,
}: Pick<CodeLines, 'file' | 'column'> & { readonly line: number | undefined }): string {
  return [file, line, column].filter((part) => part !== undefined).join(':')
}

/** The first of the frames that has lines of code to show, which is open at first. */
export function firstWithCode(frames: readonly Frame[], code: CodeByPlace): Frame | undefined {
  return frames.find((frame) => (code.get(placeOf(frame))?.lines.length ?? 0) > 0)
}
