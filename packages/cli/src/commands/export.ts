import { Command } from 'commander'
import { UsageError } from '../errors.js'
import { things } from '../output/words.js'
import {
  addRecordOptions,
  KINDS_HELP,
  kindOf,
  type RecordOptions,
  recordQuery,
} from '../record-options.js'
import type { Session } from '../session.js'

interface ExportOptions extends RecordOptions {
  readonly format: string
}

/** `fastify-scs export`: all records of a kind that match, without their bodies. */
export function exportCommand(session: Session): Command {
  const command = new Command('export')
    .description('Writes all records of a kind that match, newest first, without bodies.')
    .argument('<kind>', KINDS_HELP)
    .option('--format <format>', 'jsonl or csv', 'jsonl')
  return addRecordOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  fastify-scs export calls --from -30d --format csv > calls.csv
  fastify-scs export audit --user 7 | gzip > audit.jsonl.gz`,
    )
    .action((name: string, options: ExportOptions) => exportRecords(session, name, options))
}

async function exportRecords(
  session: Session,
  name: string,
  options: ExportOptions,
): Promise<void> {
  const kind = kindOf(name)
  const { format } = options
  if (format !== 'jsonl' && format !== 'csv')
    throw new UsageError('--format', 'jsonl or csv', JSON.stringify(format))
  const query = recordQuery(options)
  const { output } = session
  await session.reading(async ({ reader }) => {
    let bytes = 0
    let pages = 0
    for await (const text of reader.export(kind, query, format)) {
      await output.recorded(text)
      bytes += text.length
      pages++
      if (!output.isTerminal)
        output.progress(
          `${things(pages, 'page')}, ${things(Math.round(bytes / 1_024), 'KiB', 'KiB')}`,
        )
    }
    output.done()
  })
}
