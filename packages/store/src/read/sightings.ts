import { type GroupSighting, type GrowthRules, show } from '@fastify-scs/core/kit/plain'
import { FilterError } from '../errors.js'
import { storableText } from '../record/text.js'
import { REPORT_KINDS } from './group-filter.js'

/** Characters of a title that are kept. */
const MAX_TITLE_CHARS = 500
/** People of one sighting. */
const MAX_USERS = 100

/**
 * Checks what `countGroups` is given.
 *
 * @throws FilterError
 */
export function checkSightings(sightings: readonly GroupSighting[], rules: GrowthRules): void {
  const { growth, quietMs } = rules
  if (!isFrom(growth, 1)) throw new FilterError('growth', 'a number from 1', show(growth))
  if (!isFrom(quietMs, 0)) throw new FilterError('quietMs', 'milliseconds from 0', show(quietMs))
  for (const sighting of sightings) checkSighting(sighting)
}

/** A sighting that is checked, with its texts as any database keeps them. */
export function storableSighting(sighting: GroupSighting): GroupSighting {
  const { fingerprint, title, release } = sighting
  return {
    ...sighting,
    fingerprint: storableText(fingerprint),
    ...(title === undefined ? {} : { title: storableText(title, MAX_TITLE_CHARS) }),
    ...(release === undefined ? {} : { release: storableText(release) }),
  }
}

function checkSighting(sighting: GroupSighting): void {
  const { fingerprint, canReport, title, kind, release, users } = sighting
  expect('fingerprint', fingerprint, 'a text', typeof fingerprint === 'string')
  for (const field of ['occurrences', 'firstSeenAt', 'lastSeenAt'] as const) {
    const value = sighting[field]
    expect(field, value, 'a whole number from 0', Number.isSafeInteger(value) && value >= 0)
  }
  expect('canReport', canReport, 'true or false', typeof canReport === 'boolean')
  expect('title', title, 'a text', title === undefined || typeof title === 'string')
  const isKind = kind === undefined || REPORT_KINDS.includes(kind)
  expect('kind', kind, `one of ${REPORT_KINDS.join(', ')}`, isKind)
  const isRelease = release === undefined || (typeof release === 'string' && release !== '')
  expect('release', release, 'a text that is not empty', isRelease)
  expect('users', users, `a list of at most ${MAX_USERS} texts`, isUsers(users))
}

function isUsers(users: unknown): boolean {
  if (users === undefined) return true
  if (!Array.isArray(users) || users.length > MAX_USERS) return false
  return users.every((user) => typeof user === 'string')
}

function expect(field: string, found: unknown, expected: string, holds: boolean): void {
  if (!holds) throw new FilterError(field, expected, show(found))
}

function isFrom(value: number, least: number): boolean {
  return Number.isFinite(value) && value >= least
}
