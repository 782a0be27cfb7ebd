import { openStore } from '@fastify-scs/console/read'
import {
  examineOutbox,
  loadAdapterPackage,
  outboxFolderOf,
  type StoreFinding,
} from '@fastify-scs/store'
import { Command } from 'commander'
import { newestFinding } from '../doctor/newest-record.js'
import { nodeFinding, packagesFinding } from '../doctor/versions.js'
import { EXIT } from '../exit-codes.js'
import { lineOf } from '../failure.js'
import { writeFindings } from '../output/findings.js'
import type { Session } from '../session.js'

/** `fastify-scs doctor`: whether a store can be used, and what to do where not. */
export function doctorCommand(session: Session): Command {
  return new Command('doctor')
    .description('Checks Node, the packages and the store, and says what to do where needed.')
    .addHelpText('after', '\nExample:\n  fastify-scs doctor --store postgres://app@db/orders')
    .action(async () => {
      const isGood = await writeFindings(session.output, findingsOf(session))
      if (!isGood) session.exitCode = EXIT.failed
    })
}

async function* findingsOf(session: Session): AsyncGenerator<StoreFinding> {
  yield nodeFinding()
  yield packagesFinding()
  const { url } = session
  let isGood = true
  try {
    for await (const finding of storeFindings(url)) {
      isGood &&= finding.state !== 'bad'
      yield finding
    }
    if (!isGood) return
    const opened = await openStore(url, { readOnly: true, source: 'cli' })
    try {
      yield await newestFinding(opened)
    } finally {
      await opened.close()
    }
  } catch (error) {
    yield { what: 'store', state: 'bad', says: lineOf(error) }
  }
}

async function* storeFindings(url: string): AsyncGenerator<StoreFinding> {
  const { examineStore } = await loadAdapterPackage(url, import.meta.url)
  yield* examineStore?.(url, 'quick') ?? []
  yield await examineOutbox(await outboxFolderOf(url, import.meta.url))
}
