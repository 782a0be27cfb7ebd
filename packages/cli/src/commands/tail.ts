import { type OpenedStore, type RecordRow, StoreTail } from '@fastify-scs/console/read'
import { Command } from 'commander'
import { FollowedStore } from '../followed-store.js'
import { RECORD_COLUMNS, recordCells } from '../output/record-table.js'
import { things } from '../output/words.js'
import { readPage } from '../read-rows.js'
import {
  addRecordOptions,
  KINDS_HELP,
  kindsOf,
  type RecordOptions,
  recordQuery,
} from '../record-options.js'
import { type Session, using } from '../session.js'
import { wholeOf } from '../times.js'

const MAX_LINES = 200

interface TailOptions extends RecordOptions {
  readonly follow?: boolean
  readonly lines: string
  readonly every: string
}

/** `fastify-scs tail`: the newest records, oldest first, and with `-f` those that come. */
export function tailCommand(session: Session): Command {
  const command = new Command('tail')
    .description('Shows the newest records, oldest first, and with -f those that come.')
    .argument('[kinds...]', `${KINDS_HELP}; all without it`)
    .option('-f, --follow', 'go on until Ctrl-C; a store that is away is waited for')
    .option('-n, --lines <number>', 'records to begin with', '10')
    .option('--every <ms>', 'between two looks', '500')
  return addRecordOptions(command, false)
    .addHelpText(
      'after',
      `
Examples:
  fastify-scs tail -f
  fastify-scs tail -f reports --service orders --status fatal,slow`,
    )
    .action((names: readonly string[], options: TailOptions) => tail(session, names, options))
}

async function tail(
  session: Session,
  names: readonly string[],
  options: TailOptions,
): Promise<void> {
  const kinds = kindsOf(names)
  const query = recordQuery(options)
  const lines = wholeOf('--lines', options.lines, 0, MAX_LINES)
  const everyMs = wholeOf('--every', options.every, 50, 3_600_000)
  const { output } = session
  const table = output.table(RECORD_COLUMNS)
  const show = async (rows: readonly RecordRow[]): Promise<void> => {
    if (!output.isTable) for (const row of rows) await output.json(row)
    else if (rows.length > 0) await output.write(table.lines(rows.map(recordCells)))
  }
  const newest = async ({ reader }: OpenedStore): Promise<readonly RecordRow[]> => {
    if (lines === 0) return []
    return [...(await readPage(reader, kinds, { ...query, limit: lines })).rows].reverse()
  }
  if (options.follow !== true) {
    await session.reading(async (opened) => show(await newest(opened)))
    return
  }
  await using(await FollowedStore.open(session), async (followed) => {
    const following = new StoreTail(followed.read, kinds, query)
    await following.begin()
    const begin = await newest(followed.opened)
    await show(begin)
    const shown = new Set(begin.map((row) => JSON.stringify(row)))
    await followed.every(everyMs, async () => {
      const { rows, dropped } = await following.next()
      await show(rows.filter((row) => !shown.has(JSON.stringify(row))))
      shown.clear()
      if (dropped > 0) output.note(`${things(dropped, 'record')} came too fast and are not shown.`)
    })
  })
}
