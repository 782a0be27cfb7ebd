/** Rows that a statement has changed, by what `run` returns. */
export function changesOf(result: unknown): number | undefined {
  const changes = (result as { readonly changes?: unknown } | undefined)?.changes
  return typeof changes === 'number' || typeof changes === 'bigint' ? Number(changes) : undefined
}

/** Rows that `get` has read. */
export function rowOf(result: unknown): number {
  return result === undefined ? 0 : 1
}

/** Rows that `all` has read. */
export function rowsOfList(result: unknown): number | undefined {
  return Array.isArray(result) ? result.length : undefined
}

/** The text of an argument; empty when it is none, which the driver refuses. */
export function textOf(argument: unknown): string {
  return typeof argument === 'string' ? argument : ''
}
