import { LISTED_KINDS, type OpenedStore } from '@fastify-scs/console/read'
import type { FoundRecord } from '@fastify-scs/store'
import { Command } from 'commander'
import { NotFoundError } from '../errors.js'
import type { Session } from '../session.js'
import { writeGroup } from '../show/group.js'
import { writeRecord } from '../show/record.js'

/** `fastify-scs show`: one record, whatever its kind, or one group. */
export function showCommand(session: Session): Command {
  return new Command('show')
    .description('Shows one record with what is known of its request, or one group.')
    .argument('<id>', 'of a record; the error id that a client was shown; a fingerprint')
    .addHelpText(
      'after',
      `
Examples:
  fastify-scs show 019abd3c-7a10-7c55-b2c1-0d3e6f1a9b20
  fastify-scs show 3f9a1c07b2d4e865 --json | jq .group.occurrences`,
    )
    .action((id: string) =>
      session.reading(async (opened) => {
        const found = await recordOf(opened, id)
        if (found !== undefined) return writeRecord(session.output, opened, found)
        const { items } = await opened.store.groups({ fingerprint: id, limit: 1 })
        if (items.length === 0) throw new NotFoundError(id)
        return writeGroup(session.output, await opened.reader.group(id))
      }),
    )
}

/** A record by its own id, or the newest report by the error id that the client was shown. */
async function recordOf({ store }: OpenedStore, id: string): Promise<FoundRecord | undefined> {
  for (const kind of LISTED_KINDS) {
    const found = await store.get(kind, id)
    if (found !== undefined) return found
  }
  const { items } = await store.find('reports', { remoteId: id, limit: 1 })
  return items[0]
}
