import { FilterError } from './errors.js'
import type { GroupRules, GroupSighting } from './group-port.js'

/**
 * Checks what `countGroups` is given.
 *
 * @throws FilterError
 */
export function checkSightings(sightings: readonly GroupSighting[], rules: GroupRules): void {
  const { growth, quietMs } = rules
  if (!isFrom(growth, 1)) throw new FilterError('growth', 'a number from 1', String(growth))
  if (!isFrom(quietMs, 0)) throw new FilterError('quietMs', 'milliseconds from 0', String(quietMs))
  for (const sighting of sightings) checkSighting(sighting)
}

function checkSighting(sighting: GroupSighting): void {
  const { fingerprint } = sighting
  if (typeof fingerprint !== 'string')
    throw new FilterError('fingerprint', 'a text', typeof fingerprint)
  for (const field of ['occurrences', 'firstSeenAt', 'lastSeenAt'] as const) {
    const value = sighting[field]
    if (Number.isSafeInteger(value) && value >= 0) continue
    throw new FilterError(field, 'a whole number from 0', String(value))
  }
}

function isFrom(value: number, least: number): boolean {
  return Number.isFinite(value) && value >= least
}
