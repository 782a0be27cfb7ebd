/** What a URL of the server may ask for. */
interface UrlParts {
  readonly user?: string
  readonly password?: string
  readonly database?: string
  readonly schema?: string
}
/** A database of a test's own on the real PostgreSQL that all tests of a run share; `shared-postgres.ts` starts it. */
export declare class PostgresDatabase {
  #private
  readonly port: number
  /** The name of the database. */
  readonly name: string
  protected constructor(port: number, name: string)
  static create(): Promise<PostgresDatabase>
  /** Drops it; who is connected is disconnected. */
  remove(): Promise<unknown>
  url(parts?: UrlParts): string
  /** Runs statements as the superuser and returns the rows of the last one. */
  admin(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>
}
/** A real PostgreSQL of the test's own, which it may stop, in the folder for temporary files. */
export declare class PostgresServer extends PostgresDatabase {
  #private
  private constructor()
  /** Starts one on a port that is free, with settings of its own as `name=value`. */
  static start(settings?: readonly string[]): Promise<PostgresServer>
  /** Starts it again, over the same data. */
  again(): Promise<void>
  /** Stops it as an administrator would: who is connected is disconnected. */
  stop(): Promise<void>
  remove(): Promise<void>
}
/** The superuser's, which no message may show. */
export declare const PASSWORD = 's3cret-password'
