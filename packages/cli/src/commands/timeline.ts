import type { Timeline, TimelineEntry } from '@fastify-scs/console/read'
import { Command } from 'commander'
import { NotFoundError } from '../errors.js'
import type { Output } from '../output/output.js'
import type { Cell, Column } from '../output/table.js'
import { shortTitle } from '../output/title.js'
import { durationText, things, timeText } from '../output/words.js'
import type { Session } from '../session.js'
import { timeOf } from '../times.js'

const COLUMNS: readonly Column[] = [
  { name: 'AFTER', isNumber: true },
  { name: 'TOOK', isNumber: true },
  { name: 'WHAT' },
  { name: 'TITLE', isFlexible: true },
  { name: 'ID', leaveOut: 1, isWhole: true },
]

interface TimelineOptions {
  readonly at?: string
  readonly trace?: boolean
}

/** `fastify-scs timeline`: all that is known of one request, in order of time. */
export function timelineCommand(session: Session): Command {
  return new Command('timeline')
    .description('Shows all that is known of one request, in order of time.')
    .argument('<request id>', 'the id of the request, as records and log lines have it')
    .option('--at <time>', 'of several requests with this id, the one closest to this time')
    .option('--trace', 'the id is that of a trace: all of its requests')
    .addHelpText(
      'after',
      `
Examples:
  fastify-scs timeline 7c0f3f2e-52a1-4b40-b8bd-6c9ff6bcb8d6
  fastify-scs timeline req-1 --at 2026-11-26T10:00Z`,
    )
    .action((id: string, options: TimelineOptions) => timeline(session, id, options))
}

async function timeline(session: Session, id: string, options: TimelineOptions): Promise<void> {
  const { output } = session
  const at = options.at === undefined ? undefined : String(timeOf('--at', options.at))
  await session.reading(async ({ reader }) => {
    const isTrace = options.trace === true
    const line = isTrace ? await reader.trace(id, at) : await reader.timeline(id, at)
    if (line.records.length === 0)
      throw new NotFoundError(`The ${isTrace ? 'trace' : 'request'} ${id}`)
    if (output.isTable) await writeTimeline(output, line)
    else for (const entry of line.entries) await output.json(entry)
    if (line.isCut) output.note('There is more of it than is shown.')
    if (line.isUncertain)
      output.note('Only the time says that all of it is of one request: the id is used again.')
    if (line.others.length > 0) {
      const others = line.others.map((other) => timeText(other.at)).join(', ')
      output.note(`Other requests have this id too: --at ${others}`)
    }
  })
}

/** Writes a time line as a table. */
export async function writeTimeline(output: Output, { entries }: Timeline): Promise<void> {
  const [first] = entries
  if (first === undefined) return
  await output.line(`Began at ${timeText(first.at)}, ${things(entries.length, 'entry', 'entries')}`)
  await output.rows(
    COLUMNS,
    folded(entries).map(({ entry, times }) => cellsOf(entry, times, first.at)),
  )
}

function cellsOf(entry: TimelineEntry, times: number, beganAt: number): Cell[] {
  const own = shortTitle(entry.title)
  const title = times > 1 ? `${times} times: ${own}` : own
  const colour = entry.isFailed ? ('red' as const) : undefined
  return [
    `+${durationText(entry.at - beganAt)}`,
    entry.durationMs === null ? '' : durationText(entry.durationMs),
    { text: entry.what, colour },
    { text: title, colour },
    entry.record?.id ?? '',
  ]
}

/** Queries that are run again and again, one after the other, are one line. */
function folded(entries: readonly TimelineEntry[]) {
  const lines: { entry: TimelineEntry; times: number }[] = []
  for (const entry of entries) {
    const last = lines.at(-1)
    const isAgain = last?.entry.what === 'query' && entry.what === 'query'
    if (!isAgain || last.entry.title !== entry.title) {
      lines.push({ entry, times: 1 })
      continue
    }
    const durationMs = (last.entry.durationMs ?? 0) + (entry.durationMs ?? 0)
    last.entry = { ...last.entry, durationMs }
    last.times++
  }
  return lines
}
