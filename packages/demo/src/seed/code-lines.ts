import type { CrashReport } from '@fastify-scs/error-reporter'
import { SOURCE_LINES } from './source-lines.js'

type CodeReport = CrashReport['code'][number]

const OWN_FRAME = /\(\/srv\/\w+\/src\/(?<file>[^:]+):(?<line>\d+):(?<column>\d+)\)$/

/** The code around the application's own frames of traces, each place once, as error-reporter reads it. */
export function codeOf(traces: readonly (readonly string[])[]): CodeReport[] {
  const places = new Map<string, CodeReport>()
  for (const frame of traces.flat()) {
    const code = codeAt(frame)
    if (code !== undefined) places.set(`${code.file}:${code.line}`, code)
  }
  return [...places.values()]
}

function codeAt(frame: string): CodeReport | undefined {
  const { file = '', line = '', column } = OWN_FRAME.exec(frame)?.groups ?? {}
  const lines = SOURCE_LINES[`${file}:${line}`]?.slice(1).split('\n')
  if (lines === undefined) return undefined
  const number = Number(line)
  return {
    frame,
    file: `src/${file}`,
    line: number,
    column: Number(column),
    first_line: number - 2,
    lines,
  }
}
