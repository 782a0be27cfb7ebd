import { show } from '@fastify-scs/core/kit/plain'
// Only these two functions: the whole package would cost each worker thread another 10 ms at its start.
import compare from 'semver/functions/compare.js'
import valid from 'semver/functions/valid.js'
import { FilterError } from '../errors.js'

/** When releases began, in milliseconds since 1970, by release. */
export type ReleaseTimes = ReadonlyMap<string, number>

/** The most releases that one call returns. */
export const MAX_RELEASES = 1_000

/**
 * Whether a release is newer than another one: by semantic versioning where both are versions that differ in it, else by when they
 * began. When a release that was never noted began is not known; then the first one counts as newer, so that no error is hidden.
 */
export function isNewerRelease(release: string, than: string, times: ReleaseTimes): boolean {
  if (release === than) return false
  const isNewer = isNewerVersion(release, than)
  if (isNewer !== undefined) return isNewer
  const began = times.get(release)
  const thanBegan = times.get(than)
  return began === undefined || thanBegan === undefined || began > thanBegan
}

/** Whether a release is the newer version; undefined where one of them is no semantic version, or both are the same. */
export function isNewerVersion(release: string, than: string): boolean | undefined {
  if (valid(release) === null || valid(than) === null) return undefined
  const order = compare(release, than)
  return order === 0 ? undefined : order > 0
}

/** Checks a release and when it ran, in milliseconds since 1970. @throws FilterError */
export function checkRelease(release: string, at: number): void {
  if (typeof release !== 'string' || release === '')
    throw new FilterError('release', 'a text that is not empty', show(release))
  if (!Number.isSafeInteger(at) || at < 0)
    throw new FilterError('at', 'milliseconds since 1970', show(at))
}

/** Checks how many releases are asked for. @throws FilterError */
export function checkReleaseLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_RELEASES) return
  throw new FilterError('limit', `a whole number from 1 to ${MAX_RELEASES}`, show(limit))
}
