import { checkOptions } from '@fastify-scs/core'
import { OptionsError, UrlError } from '@fastify-scs/store'
import { Type } from '@sinclair/typebox'
import type { DriverName } from './driver/driver.js'

/** Options of a store in a SQLite file; with the plugin, `path` comes from the URL and the rest from `adapterOptions`. */
export interface SqliteStoreOptions {
  /** The file; its folder must exist. Relative to the working directory. */
  readonly path: string
  /** How long to wait for another process's lock before the store counts as not available, in milliseconds. @default 5_000 */
  readonly busyTimeoutMs?: number
  /** @default node:sqlite where Node has it, else better-sqlite3 */
  readonly driver?: DriverName
}

/** The options with their defaults. */
export interface ResolvedSqliteStoreOptions {
  readonly path: string
  readonly busyTimeoutMs: number
  readonly driver: DriverName | undefined
}

const optionsSchema = Type.Object(
  {
    path: Type.String({ minLength: 1, description: 'the path of a file' }),
    busyTimeoutMs: Type.Optional(
      Type.Integer({ minimum: 0, description: 'a whole number of milliseconds' }),
    ),
    driver: Type.Optional(
      Type.Union([Type.Literal('node:sqlite'), Type.Literal('better-sqlite3')], {
        description: "'node:sqlite' or 'better-sqlite3'",
      }),
    ),
  },
  { additionalProperties: false },
)

/**
 * Checks the options and fills the defaults in.
 *
 * @throws OptionsError
 */
export function resolveOptions(options: SqliteStoreOptions): ResolvedSqliteStoreOptions {
  checkOptions(optionsSchema, options, (...details) => new OptionsError(...details))
  const { path, busyTimeoutMs = 5_000, driver } = options
  return { path, busyTimeoutMs, driver }
}

/**
 * The path in `sqlite:./scs.db`, `sqlite:/var/lib/scs.db` or `sqlite:///var/lib/scs.db`.
 *
 * @throws UrlError
 */
export function pathOf(url: string): string {
  const path = /^sqlite:(?:\/\/(?=\/))?(.+)$/s.exec(url)?.[1]
  if (path === undefined || path.startsWith('//')) throw new UrlError(url, 'it names no file')
  if (path === ':memory:') throw new UrlError(url, "write 'memory:' for a store in memory")
  if (path.includes('?') || path.includes('\0'))
    throw new UrlError(url, 'a path with ? or NUL is not supported')
  return path
}
