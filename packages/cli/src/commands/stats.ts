import { Command } from 'commander'
import type { Output } from '../output/output.js'
import { bytesText, countText, timeText } from '../output/words.js'
import type { Session } from '../session.js'

/** `fastify-scs stats`: what a store holds. */
export function statsCommand(session: Session): Command {
  return new Command('stats')
    .description('Says what the store holds: records by kind, dead letters, size, releases.')
    .addHelpText('after', '\nExample:\n  fastify-scs stats --store sqlite:./scs.db')
    .action(() => stats(session))
}

async function stats(session: Session): Promise<void> {
  const { output } = session
  await session.reading(async ({ store, reader }) => {
    const { engine, stored } = await store.stats()
    const kinds = Object.keys(stored?.records ?? {})
    const [services, releases] = await Promise.all([reader.services(), reader.releases()])
    const groups: Record<string, number> = {}
    for (const status of ['open', 'regressed', 'resolved', 'muted'])
      groups[status] = (await reader.groups({ status, limit: 200 })).items.length
    if (!output.isTable) {
      await output.json({ engine, ...stored, groups, services, releases })
      return
    }
    await output.rows(
      [
        { name: 'HOLDS', isWhole: true },
        { name: 'NUMBER', isNumber: true },
      ],
      [
        ...kinds.map((kind) => [kind, countText(countOf(stored?.records, kind))]),
        ['dead letters', countText(stored?.deadLetters ?? 0)],
        ...Object.entries(groups).map(([status, count]) => [
          `groups, ${status}`,
          count >= 200 ? '200 or more' : countText(count),
        ]),
        [`size (${engine})`, bytesText(stored?.bytes ?? 0)],
      ],
    )
    await writeReleases(output, releases)
  })
}

async function writeReleases(
  output: Output,
  releases: readonly {
    readonly release: string
    readonly firstSeenAt: number
    readonly lastSeenAt: number
    readonly newGroups: number
  }[],
): Promise<void> {
  if (releases.length === 0) return
  await output.line()
  const rows = releases.map(({ release, firstSeenAt, lastSeenAt, newGroups }) => [
    release,
    timeText(firstSeenAt),
    timeText(lastSeenAt),
    countText(newGroups),
  ])
  const columns = ['RELEASE', 'FIRST SEEN', 'LAST SEEN'].map((name) => ({ name, isWhole: true }))
  await output.rows([...columns, { name: 'NEW GROUPS', isNumber: true }], rows)
}

function countOf(records: Readonly<Record<string, number>> | undefined, kind: string): number {
  return records?.[kind] ?? 0
}
