import semver from 'semver'

/** When releases began, in milliseconds since 1970, by release. */
export type ReleaseTimes = ReadonlyMap<string, number>

/**
 * Whether a release is newer than another one: by semantic versioning where both are versions that differ in it, else by when they
 * began. Of a release that nobody has noted it cannot be told; then it counts as newer, so that nothing stays silent.
 */
export function isNewerRelease(release: string, than: string, times: ReleaseTimes): boolean {
  if (release === than) return false
  if (semver.valid(release) !== null && semver.valid(than) !== null) {
    const order = semver.compare(release, than)
    if (order !== 0) return order > 0
  }
  const began = times.get(release)
  const thanBegan = times.get(than)
  return began === undefined || thanBegan === undefined || began > thanBegan
}
