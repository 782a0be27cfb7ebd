/** One step of the schema; it never changes once it is published, the next step is added after it. */
export interface Migration {
  readonly version: number
  readonly name: string
  /** The statements; `schema` is in quotes. */
  readonly sql: (schema: string) => string
}
