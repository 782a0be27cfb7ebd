import { nearestHint } from '@fastify-scs/core/kit'
import { RECORD_KINDS, type RecordKind } from '@fastify-scs/store'
import { Command } from 'commander'
import { audit } from '../change/audit.js'
import { confirm } from '../change/confirm.js'
import { type PruneLimits, pruneInSteps, removable } from '../change/prune.js'
import { UsageError } from '../errors.js'
import { countText, things } from '../output/words.js'
import type { Session } from '../session.js'

const DAY_MS = 86_400_000

interface PruneOptions {
  readonly olderThan: string
  readonly kind?: string
  readonly yes?: boolean
}

/** `fastify-scs prune`: removes old records. */
export function pruneCommand(session: Session): Command {
  return new Command('prune')
    .description('Removes old records; without --kind also old dead letters and groups.')
    .requiredOption('--older-than <days>', 'records made before so many days')
    .option('--kind <kind>', `only one of ${RECORD_KINDS.join(', ')}`)
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      `
Examples:
  fastify-scs prune --older-than 90
  fastify-scs prune --older-than 7 --kind integration_requests --yes`,
    )
    .action((options: PruneOptions) => prune(session, options))
}

async function prune(session: Session, options: PruneOptions): Promise<void> {
  const { days, limits } = limitsOf(options)
  const { io, output } = session
  await session.changing(async (opened) => {
    const { store } = opened
    const what = await removable(store, limits)
    const records = things(what.records, 'record')
    const age = `older than ${things(days, 'day')}`
    const sentence =
      limits.kind === undefined
        ? `${records}, and the dead letters and groups ${age} would be removed`
        : `${records} of ${limits.kind} ${age} would be removed`
    await confirm(io, options.yes === true, sentence)
    const removed = await pruneInSteps(store, limits, what, (count) =>
      output.progress(`${countText(count)} of ${countText(what.records)} removed`),
    )
    output.done()
    // Groups may have gone, whose number nobody tells.
    if (removed > 0 || limits.kind === undefined)
      await audit(opened, { what: 'pruned', removed, limits: { days, kind: limits.kind ?? null } })
    if (output.isTable) await output.line(`${things(removed, 'record')} removed.`)
    else await output.json({ removed })
  })
}

function limitsOf({ olderThan, kind }: PruneOptions): { days: number; limits: PruneLimits } {
  const days = Number(olderThan)
  if (!(days >= 0) || olderThan.trim() === '')
    throw new UsageError('--older-than', 'a number of days', JSON.stringify(olderThan))
  const before = Math.floor(Date.now() - days * DAY_MS)
  return {
    days,
    limits: { olderThan: before, ...(kind === undefined ? {} : { kind: kindOf(kind) }) },
  }
}

function kindOf(name: string): RecordKind {
  const kind = RECORD_KINDS.find((each) => each === name)
  if (kind !== undefined) return kind
  const found = `${JSON.stringify(name)}${nearestHint(name, RECORD_KINDS)}`
  throw new UsageError('--kind', `one of ${RECORD_KINDS.join(', ')}`, found)
}
