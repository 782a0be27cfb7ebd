/** A time as a field of the type `datetime-local` has it, in the reader's zone; empty for none. */
export function localInputOf(time: string | undefined): string {
  if (time === undefined) return ''
  const date = new Date(/^\d+$/.test(time) ? Number(time) : time)
  if (Number.isNaN(date.getTime())) return ''
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** The time that such a field says, in UTC; empty for none. */
export function timeOfLocalInput(input: string): string {
  const date = new Date(input)
  return input === '' || Number.isNaN(date.getTime()) ? '' : date.toISOString()
}
