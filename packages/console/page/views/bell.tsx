/** Tells of new groups. */
export function Bell() {
  return null
}
