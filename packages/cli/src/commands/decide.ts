import type { StoredGroup } from '@fastify-scs/store'
import { Command } from 'commander'
import { type Decision, decide } from '../change/decide.js'
import { UsageError } from '../errors.js'
import { shortTitle } from '../output/title.js'
import { countText, timeText } from '../output/words.js'
import type { Session } from '../session.js'
import { timeOf, wholeOf } from '../times.js'

const FINGERPRINT = 'of the group, as "groups" and "show" tell it'
const MAX_OCCURRENCES = 1_000_000_000

/** `fastify-scs resolve`: a group is mended. */
export function resolveCommand(session: Session): Command {
  return new Command('resolve')
    .description('Says that a group is mended; it regresses if it comes again in a newer release.')
    .argument('<fingerprint>', FINGERPRINT)
    .option('--in <release>', 'the release that mends it; the newest that is known without it')
    .option('--note <text>', 'what is to be remembered')
    .addHelpText('after', '\nExample:\n  fastify-scs resolve 3f9a1c07b2d4e865 --in 1.4.1')
    .action(async (fingerprint: string, options: { in?: string; note?: string }) => {
      const { in: resolvedIn, note } = options
      await change(session, fingerprint, {
        status: 'resolved',
        ...(resolvedIn === undefined ? {} : { resolvedIn }),
        ...(note === undefined ? {} : { note }),
      })
    })
}

interface MuteOptions {
  readonly until?: string
  readonly for?: string
  readonly reason?: string
}

/** `fastify-scs mute`: a group is counted and no longer reported. */
export function muteCommand(session: Session): Command {
  return new Command('mute')
    .description('Counts a group and reports it no longer, for ever or until something happens.')
    .argument('<fingerprint>', FINGERPRINT)
    .option('--until <time>', 'a time, or a span from now such as 2d')
    .option('--for <number>', 'until so many more occurrences')
    .option('--reason <text>', 'why')
    .addHelpText(
      'after',
      `
Examples:
  fastify-scs mute 3f9a1c07b2d4e865 --until 2d --reason 'the provider is down'
  fastify-scs mute 3f9a1c07b2d4e865 --for 100`,
    )
    .action(async (fingerprint: string, options: MuteOptions) => {
      await change(session, fingerprint, muted(options))
    })
}

function muted({ until, for: occurrences, reason }: MuteOptions): Decision {
  const mutedUntil = until === undefined ? null : timeOf('--until', until, { way: 'future' })
  if (mutedUntil !== null && mutedUntil <= Date.now())
    throw new UsageError('--until', 'a time that is to come', JSON.stringify(until))
  const mutedForOccurrences =
    occurrences === undefined ? null : wholeOf('--for', occurrences, 1, MAX_OCCURRENCES)
  return { status: 'muted', mutedUntil, mutedForOccurrences, reason: reason ?? null }
}

/** `fastify-scs reopen`: a group is reported again. */
export function reopenCommand(session: Session): Command {
  return new Command('reopen')
    .description('Opens a group again that was resolved or muted.')
    .argument('<fingerprint>', FINGERPRINT)
    .addHelpText('after', '\nExample:\n  fastify-scs reopen 3f9a1c07b2d4e865')
    .action((fingerprint: string) => change(session, fingerprint, { status: 'open' }))
}

/** `fastify-scs assign`: somebody takes care of a group. */
export function assignCommand(session: Session): Command {
  return new Command('assign')
    .description('Says who takes care of a group; without a name, nobody does.')
    .argument('<fingerprint>', FINGERPRINT)
    .argument('[name]', 'who')
    .addHelpText('after', '\nExample:\n  fastify-scs assign 3f9a1c07b2d4e865 ada')
    .action((fingerprint: string, name?: string) =>
      change(session, fingerprint, { assignee: name ?? null }),
    )
}

async function change(session: Session, fingerprint: string, decision: Decision): Promise<void> {
  const { output } = session
  await session.changing(async (opened) => {
    const group = await decide(opened, fingerprint, decision)
    if (output.isTable) await output.line(sentence(group))
    else await output.json(group)
  })
}

function sentence(group: StoredGroup): string {
  const { status, resolvedIn, mutedUntil, mutedUntilOccurrences, assignee, title } = group
  const ends = [
    mutedUntil === null ? '' : timeText(mutedUntil),
    mutedUntilOccurrences === null
      ? ''
      : `it has occurred ${countText(mutedUntilOccurrences)} times`,
  ].filter(Boolean)
  const parts = [
    resolvedIn === null || status !== 'resolved' ? '' : ` in ${resolvedIn}`,
    ends.length === 0 ? '' : ` until ${ends.join(', or ')}`,
    assignee === null ? '' : `, assigned to ${assignee}`,
  ]
  return `${shortTitle(title)} is ${status}${parts.join('')}.`
}
