/** Whether a text names a business record: its type and id as words of their own, in whatever case. `Order 2` is not in `order 278`. */
export function namesRecord(text: string, type: string, id: string): boolean {
  const wanted = `${type} ${id}`.toLowerCase()
  const lower = text.toLowerCase()
  for (let at = lower.indexOf(wanted); at !== -1; at = lower.indexOf(wanted, at + 1)) {
    const isAlone = !isWordAt(lower, at - 1) && !isWordAt(lower, at + wanted.length)
    if (isAlone) return true
  }
  return false
}

function isWordAt(text: string, at: number): boolean {
  return /[\p{L}\p{N}_]/u.test(text.charAt(at))
}
