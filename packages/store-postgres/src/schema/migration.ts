/** One step of the schema; it never changes once it is published, the next step is added after it. */
export interface Migration {
  readonly version: number
  readonly name: string
  /** The statements; `schema` is in quotes. */
  readonly sql: (schema: string) => string
}

/** The kinds that the first versions knew: those that come later have migrations of their own. */
export const KINDS = ['integration_requests', 'reports', 'audit_events'] as const

/** Indexes of a parent, which days to come are given. */
export function indexesOnly(table: string, keys: readonly string[]): string {
  return keys
    .map((key) => `CREATE INDEX ON ONLY ${table} (${key}, created_at) WHERE ${key} IS NOT NULL;`)
    .join('\n')
}
