import { Command } from 'commander'
import { RECORD_COLUMNS, recordCells } from '../output/record-table.js'
import { readPages } from '../read-rows.js'
import {
  addRecordOptions,
  KINDS_HELP,
  kindsOf,
  type RecordOptions,
  recordQuery,
} from '../record-options.js'
import type { Session } from '../session.js'
import { wholeOf } from '../times.js'

const MAX_LIMIT = 1_000_000
const DEFAULT_LIMIT = '50'

interface FindOptions extends RecordOptions {
  readonly limit: string
  readonly cursor?: string
  readonly all?: boolean
}

/** `fastify-scs find`: records that match, newest first. */
export function findCommand(session: Session): Command {
  const command = new Command('find')
    .description('Finds records, newest first.')
    .argument('[kinds...]', `${KINDS_HELP}; all without it`)
  addRecordOptions(command)
    .option('--limit <number>', 'records at most', DEFAULT_LIMIT)
    .option('--cursor <cursor>', 'go on after the records of the call before')
    .option('--all', 'all that match, page by page')
  return command
    .addHelpText(
      'after',
      `
Examples:
  fastify-scs find reports --from -2h --status fatal
  fastify-scs find calls --service stripe --status Failed --reference Order:42
  fastify-scs find audit --user 7 --all --json | jq .message`,
    )
    .action((names: readonly string[], options: FindOptions) => find(session, names, options))
}

async function find(
  session: Session,
  names: readonly string[],
  options: FindOptions,
): Promise<void> {
  const kinds = kindsOf(names)
  const { cursor, all: isAll = false } = options
  const most = isAll ? Number.POSITIVE_INFINITY : wholeOf('--limit', options.limit, 1, MAX_LIMIT)
  const query = { ...recordQuery(options), ...(cursor === undefined ? {} : { cursor }) }
  const { output } = session
  await session.reading(async ({ reader }) => {
    const table = output.table(RECORD_COLUMNS)
    let count = 0
    let nextCursor: string | undefined
    for await (const page of readPages(reader, kinds, query, most)) {
      if (!output.isTable) for (const row of page.rows) await output.json(row)
      else if (page.rows.length > 0) await output.write(table.lines(page.rows.map(recordCells)))
      count += page.rows.length
      nextCursor = page.nextCursor
    }
    if (count === 0) output.note('Nothing was found.')
    if (nextCursor !== undefined) output.note(`There is more: --cursor ${nextCursor}, or --all`)
  })
}
