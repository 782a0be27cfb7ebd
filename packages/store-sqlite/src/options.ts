import {
  type Given,
  nonEmptyText,
  optionsObject,
  type Resolved,
  resolveOptions as resolve,
  withDefault,
} from '@fastify-scs/core/kit'
import { OptionsError, UrlError } from '@fastify-scs/store'
import { Type } from '@sinclair/typebox'
import { workerUrlOf } from './threads/worker-url.js'

const optionsSchema = optionsObject({
  /** The file; its folder must exist. Relative to the working directory. */
  path: nonEmptyText('the path of a file'),
  /** How long to wait for another process's lock before the store counts as not available, in milliseconds. @default 5_000 */
  busyTimeoutMs: withDefault(
    Type.Integer({ minimum: 0, description: 'a whole number of milliseconds' }),
    5_000,
  ),
  /** @default node:sqlite where Node has it, else better-sqlite3 */
  driver: Type.Optional(
    Type.Union([Type.Literal('node:sqlite'), Type.Literal('better-sqlite3')], {
      description: "'node:sqlite' or 'better-sqlite3'",
    }),
  ),
  /**
   * What is done with a file that SQLite says is damaged: nothing, and the store does not open; or it is renamed, and a new one begun.
   * @default 'fail'
   */
  onDamaged: withDefault(
    Type.Union([Type.Literal('fail'), Type.Literal('keepAside')], {
      description: "'fail' or 'keepAside'",
    }),
    'fail',
  ),
  /** The module of the worker threads, for an application that is bundled: a URL, or a path. @default the one of this package */
  workerUrl: Type.Optional(
    Type.Union(
      [Type.String({ minLength: 1 }), Type.Unsafe<URL>(Type.Object({ href: Type.String() }))],
      { description: 'a URL, or the path of a file' },
    ),
  ),
})

/** Options of a store in a SQLite file; with the plugin, `path` comes from the URL and the rest from `adapterOptions`. */
export interface SqliteStoreOptions extends Given<typeof optionsSchema> {}

/** The options with their defaults. */
export interface ResolvedSqliteStoreOptions
  extends Omit<Resolved<typeof optionsSchema>, 'workerUrl'> {
  /** The address of the module of all workers; undefined in a bundle. */
  readonly workerUrl: string | undefined
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws OptionsError
 */
export function resolveOptions(given: SqliteStoreOptions): ResolvedSqliteStoreOptions {
  const options = resolve(optionsSchema, given, (...details) => new OptionsError(...details))
  return { ...options, workerUrl: workerUrlOf(options.workerUrl) }
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
