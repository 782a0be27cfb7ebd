import type { Redactor } from '@fastify-scs/core'
import type { Group } from '../api/model.js'
import { type FenceLimits, fenced, type PromptSection } from './fence.js'
import type { PromptFacts } from './prompt-facts.js'

const NOTES: FenceLimits = { maxLines: 12, maxChars: 2_000 }
/** From here on people are not counted one by one. */
const MANY_USERS = 1_000

const STATES: Readonly<Record<Group['status'], string>> = {
  open: 'Nobody has decided anything about it yet.',
  resolved: 'It is marked as resolved.',
  muted: 'It is muted.',
  regressed: 'It was marked as resolved and has come again since.',
}

/** Says how often errors like this one have come. */
export function groupSection({ group }: PromptFacts, redactor: Redactor): PromptSection {
  const title = 'Errors like this one'
  if (group === undefined) return { title, lines: [] }
  const users = group.users >= MANY_USERS ? `${MANY_USERS} or more` : String(group.users)
  const notes = [
    ['first seen in release', group.firstRelease],
    ['last seen in release', group.lastRelease],
    ['was to be resolved in release', group.resolvedIn],
    ['note of the team', group.note],
  ]
    .filter(([, value]) => value !== null)
    .map(([name, value]) => redactor.text(`${name}: ${value}`))
  return {
    title,
    lines: [
      `Seen ${group.occurrences} times since ${timeText(group.firstSeenAt)}, last at ${timeText(group.lastSeenAt)}; users affected: ${users}. ${STATES[group.status]}`,
      ...fenced(notes, NOTES),
    ],
  }
}

/** Says whether the release has brought it. */
export function releaseSection(
  { report, group, release }: PromptFacts,
  redactor: Redactor,
): PromptSection {
  const title = 'The release'
  const name = report.keys.release
  if (name === undefined) return { title, lines: [] }
  const began = release === undefined ? [] : [`It began at ${timeText(release.firstSeenAt)}.`]
  const origin =
    group === undefined
      ? []
      : group.firstRelease === name
        ? ['Errors like this one were seen first in this release: look at what it has changed.']
        : ['Errors like this one were seen in an earlier release already.']
  return { title, lines: [...fenced([redactor.text(name)], NOTES), ...began, ...origin] }
}

function timeText(at: number): string {
  return new Date(at).toISOString()
}
