import type { ForgottenUser } from '@fastify-scs/store'
import { Command } from 'commander'
import { confirm } from '../change/confirm.js'
import { AuditLostError, UsageError } from '../errors.js'
import { osUser } from '../os-user.js'
import { countText, things } from '../output/words.js'
import type { Session } from '../session.js'

interface ForgetOptions {
  readonly auditEvents: string
  readonly pseudonym?: string
  readonly yes?: boolean
}

/** `fastify-scs forget`: removes what the store has of a user. */
export function forgetCommand(session: Session): Command {
  return new Command('forget')
    .description('Removes what the store has of a user, or makes it anonymous (GDPR, article 17).')
    .argument('<user>', 'the id of the user, as the records have it')
    .option('--audit-events <what>', 'anonymise or remove those of the user', 'anonymise')
    .option('--pseudonym <text>', 'what stands for the user in what is kept; made up without it')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  fastify-scs forget 4711 --yes')
    .action((user: string, options: ForgetOptions) => forget(session, user, options))
}

async function forget(session: Session, user: string, options: ForgetOptions): Promise<void> {
  const { auditEvents, pseudonym } = options
  if (auditEvents !== 'anonymise' && auditEvents !== 'remove')
    throw new UsageError('--audit-events', 'anonymise or remove', JSON.stringify(auditEvents))
  const { io, output } = session
  const what = `all records of the user ${user} would be removed, and audit events ${auditEvents}d`
  await confirm(io, options.yes === true, what)
  await session.changing(async ({ store }) => {
    const forgotten = await store.forgetUser(user, {
      auditEvents,
      by: osUser(),
      ...(pseudonym === undefined ? {} : { pseudonym }),
      onProgress: ({ removed, anonymised }) =>
        output.progress(`${countText(sumOf(removed) + anonymised)} rows so far`),
    })
    output.done()
    if (!(await store.flush())) throw new AuditLostError('forgot')
    if (output.isTable) await output.line(sentence(forgotten))
    else await output.json(forgotten)
    for (const text of forgotten.notReached) output.note(`Not reached: ${text}`)
  })
}

function sentence({ removed, anonymised, groupEntries, deadLetters, pseudonym }: ForgottenUser) {
  const records = things(sumOf(removed), 'record')
  const letters = things(deadLetters, 'dead letter')
  const entries = things(groupEntries, 'entry of groups', 'entries of groups')
  const events = things(anonymised, 'audit event')
  return `${records} and ${letters} removed; ${events} and ${entries} name ${pseudonym} now.`
}

function sumOf(removed: Readonly<Record<string, number>>): number {
  return Object.values(removed).reduce((sum, count) => sum + count, 0)
}
