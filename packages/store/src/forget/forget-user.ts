import { randomBytes } from 'node:crypto'
import { RECORD_KINDS, type RecordKind, show } from '@fastify-scs/core/kit'
import type { CheckedAdapter } from '../checked-adapter.js'
import { FilterError } from '../errors.js'
import type { ForgetPart, ForgetUserOptions, ForgottenCounts, ForgottenUser } from '../port.js'
import { checkFields } from '../read/filter.js'
import { storableText } from '../record/text.js'
import { anonymous } from './anonymous.js'

/** Rows of one step, so that no lock is held for long. */
const STEP_ROWS = 200

/** What no store reaches. */
const NOT_REACHED: readonly string[] = [
  'Records that other processes have not stored yet: call forgetUser again when they have.',
  'Texts of other records that name the user, such as a message, a body or a note.',
  'Log files, and the file of the audit log.',
  'Back-ups and replicas of the database.',
  'What reporters have sent to other services.',
]

const OPTIONS: ReadonlySet<string> = new Set(['auditEvents', 'pseudonym', 'by', 'onProgress'])

/** `ForgottenCounts` while they are counted. */
type Counts = { -readonly [Field in keyof ForgottenCounts]: ForgottenCounts[Field] } & {
  readonly removed: Record<RecordKind, number>
}

/** What is to be forgotten, checked. */
export interface ResolvedForgetting extends Required<Pick<ForgetUserOptions, 'auditEvents'>> {
  readonly user: string
  readonly pseudonym: string
  readonly by: string | null
  readonly onProgress: (soFar: ForgottenCounts) => void
}

/** Checks what is asked for. @throws FilterError */
export function resolveForgetting(user: unknown, given: unknown): ResolvedForgetting {
  const options = (given ?? {}) as { readonly [Name in keyof ForgetUserOptions]?: unknown }
  checkFields(options, OPTIONS)
  const { auditEvents = 'anonymise', onProgress = () => {} } = options
  const pseudonym = options.pseudonym ?? `forgotten-${randomBytes(12).toString('base64url')}`
  if (typeof user !== 'string' || user === '')
    throw new FilterError('user', 'the id of a user, as a text', show(user))
  if (auditEvents !== 'anonymise' && auditEvents !== 'remove')
    throw new FilterError('auditEvents', "'anonymise' or 'remove'", show(auditEvents))
  if (
    typeof pseudonym !== 'string' ||
    pseudonym === '' ||
    storableText(pseudonym) === storableText(user)
  )
    throw new FilterError('pseudonym', 'a text that is not the user', show(pseudonym))
  if (typeof onProgress !== 'function')
    throw new FilterError('onProgress', 'a function', show(onProgress))
  const { by = null } = options
  if (by !== null && typeof by !== 'string') throw new FilterError('by', 'a text', show(by))
  return {
    // As texts have it, also where it is longer than a key may be.
    user: storableText(user, Number.POSITIVE_INFINITY),
    pseudonym,
    auditEvents,
    // Somebody who forgets himself is not named either.
    by: by === user ? pseudonym : by,
    onProgress: onProgress as ResolvedForgetting['onProgress'],
  }
}

/** Counts of nothing done. */
export function nothingForgotten(): Counts {
  const removed = Object.fromEntries(RECORD_KINDS.map((kind) => [kind, 0]))
  return { removed: removed as Counts['removed'], anonymised: 0, groupEntries: 0, deadLetters: 0 }
}

/**
 * Removes or makes anonymous all that the database has of a user, in small steps; what was done stays done if a step fails, and the
 * next call goes on. `counts` says what was done, also when it throws.
 */
export async function forgetUser(
  adapter: CheckedAdapter,
  { user, pseudonym, auditEvents, onProgress }: ResolvedForgetting,
  counts: Counts,
): Promise<ForgottenUser> {
  const forgetIn = async (part: ForgetPart, count: (rows: number) => void): Promise<void> => {
    for (let isDone = false; !isDone; ) {
      const step = await adapter.forgetUser({ user, part, pseudonym, limit: STEP_ROWS })
      isDone = step.isDone
      count(step.rows)
      onProgress(structuredClone(counts))
    }
  }
  for (const kind of RECORD_KINDS) {
    if (kind === 'audit_events' && auditEvents === 'anonymise') {
      await anonymise(adapter, user, pseudonym, (events) => {
        counts.anonymised += events
        onProgress(structuredClone(counts))
      })
    } else
      await forgetIn(kind, (rows) => {
        counts.removed[kind] += rows
      })
  }
  await forgetIn('dead_letters', (rows) => {
    counts.deadLetters += rows
  })
  await forgetIn('groups', (rows) => {
    counts.groupEntries += rows
  })
  await forgetIn('traces', () => {})
  return { ...structuredClone(counts), pseudonym, notReached: NOT_REACHED }
}

async function anonymise(
  adapter: CheckedAdapter,
  user: string,
  pseudonym: string,
  count: (events: number) => void,
): Promise<void> {
  for (;;) {
    const { items } = await adapter.find('audit_events', { user, limit: STEP_ROWS })
    if (items.length === 0) return
    const unkept = await adapter.compareAndSet(
      items.map((found) => {
        return { record: anonymous(found, user, pseudonym), expected: found.revision }
      }),
    )
    // What another process has changed or removed meanwhile is found again, or is not.
    count(items.length - unkept.length)
  }
}
