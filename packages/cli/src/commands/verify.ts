import {
  examineOutbox,
  loadAdapterPackage,
  outboxFolderOf,
  type StoreFinding,
} from '@fastify-scs/store'
import { Command } from 'commander'
import { EXIT } from '../exit-codes.js'
import { writeFindings } from '../output/findings.js'
import type { Session } from '../session.js'
import { examineAuditFile } from '../verify/audit-file.js'

interface VerifyOptions {
  readonly outbox?: string
  readonly auditFile?: readonly string[]
}

/** `fastify-scs verify`: whether what is stored is whole. */
export function verifyCommand(session: Session): Command {
  return new Command('verify')
    .description('Checks that what is stored is whole, and what waits. Reads all of it.')
    .option('--outbox <folder>', 'of a service that runs in another folder or on another URL')
    .option('--audit-file <path...>', 'files of the audit log, whose lines are checked')
    .addHelpText(
      'after',
      `
Example:
  fastify-scs verify --store sqlite:./scs.db --audit-file audit.log audit.log.1`,
    )
    .action(async (options: VerifyOptions) => {
      if (session.output.isTable) session.output.note('Reading all of the store ...')
      const isGood = await writeFindings(session.output, findingsOf(session.url, options))
      if (!isGood) session.exitCode = EXIT.failed
    })
}

async function* findingsOf(url: string, options: VerifyOptions): AsyncGenerator<StoreFinding> {
  const { examineStore } = await loadAdapterPackage(url, import.meta.url)
  if (examineStore !== undefined) yield* examineStore(url, 'whole')
  yield await examineOutbox(options.outbox ?? (await outboxFolderOf(url, import.meta.url)))
  for (const path of options.auditFile ?? []) yield await examineAuditFile(path)
}
