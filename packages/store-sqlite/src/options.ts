import { checkOptions } from '@fastify-scs/core/kit'
import { OptionsError, UrlError } from '@fastify-scs/store'
import { Type } from '@sinclair/typebox'
import type { DriverName } from './driver/driver.js'
import type { OnDamaged } from './threads/protocol.js'
import { workerUrlOf } from './threads/worker-url.js'

/** Options of a store in a SQLite file; with the plugin, `path` comes from the URL and the rest from `adapterOptions`. */
export interface SqliteStoreOptions {
  /** The file; its folder must exist. Relative to the working directory. */
  readonly path: string
  /** How long to wait for another process's lock before the store counts as not available, in milliseconds. @default 5_000 */
  readonly busyTimeoutMs?: number
  /** @default node:sqlite where Node has it, else better-sqlite3 */
  readonly driver?: DriverName
  /**
   * What becomes of a file that SQLite says is damaged: nothing, and the store does not open; or it is renamed, and a new one begun.
   * @default 'fail'
   */
  readonly onDamaged?: OnDamaged
  /** The module of the worker threads, for an application that is bundled: a URL, or a path. @default the one of this package */
  readonly workerUrl?: URL | string
}

/** The options with their defaults. */
export interface ResolvedSqliteStoreOptions {
  readonly path: string
  readonly busyTimeoutMs: number
  readonly driver: DriverName | undefined
  readonly onDamaged: OnDamaged
  readonly workerUrl: string | undefined
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
    onDamaged: Type.Optional(
      Type.Union([Type.Literal('fail'), Type.Literal('keepAside')], {
        description: "'fail' or 'keepAside'",
      }),
    ),
    workerUrl: Type.Optional(
      Type.Union(
        [Type.String({ minLength: 1 }), Type.Unsafe<URL>(Type.Object({ href: Type.String() }))],
        {
          description: 'a URL, or the path of a file',
        },
      ),
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
  const { path, busyTimeoutMs = 5_000, driver, onDamaged = 'fail' } = options
  return { path, busyTimeoutMs, driver, onDamaged, workerUrl: workerUrlOf(options.workerUrl) }
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
