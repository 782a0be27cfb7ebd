import { createHash } from 'node:crypto'
import {
  type Given,
  nonEmptyText,
  optionsObject,
  type Resolved,
  resolveOptions as resolve,
  show,
  trueOrFalse,
  withDefault,
} from '@fastify-scs/core/kit'
import { Type } from '@sinclair/typebox'
import { OptionsError } from './errors.js'
import type { StoreAdapter } from './port.js'

const numberFrom = (minimum: number, unit: string) =>
  Type.Number({ minimum, description: `a number of ${unit}, from ${minimum}` })
const wholeFrom = (minimum: number, unit: string) =>
  Type.Integer({ minimum, description: `a whole number of ${unit}, from ${minimum}` })
const numberOrFalse = (minimum: number, unit: string) =>
  Type.Union([Type.Number({ minimum }), Type.Literal(false)], {
    description: `a number of ${unit}, from ${minimum}, or false`,
  })

const optionsSchema = optionsObject({
  /** `sqlite:./scs.db`, `postgres://user@host/database` or `memory:`; the scheme's package must be installed. */
  url: Type.Optional(nonEmptyText("a URL such as 'sqlite:./scs.db'")),
  /** A ready adapter, for a database of another kind. */
  adapter: Type.Optional(Type.Unsafe<StoreAdapter>(Type.Any({ description: 'a StoreAdapter' }))),
  /** What the adapter's package takes beside the URL. */
  adapterOptions: withDefault(
    Type.Record(Type.String(), Type.Unknown(), {
      description: "an object of the adapter's options",
    }),
    {},
  ),
  /**
   * `import.meta.url` of a module that has the adapter's package among its dependencies, for a plugin that brings an adapter with it. The application's
   * own packages are looked through first.
   */
  resolveFrom: Type.Optional(nonEmptyText('import.meta.url of a module')),
  /** Whether the application starts while the database is not available. @default 'fail' */
  startup: withDefault(
    Type.Union([Type.Literal('wait'), Type.Literal('fail')], { description: "'wait' or 'fail'" }),
    'fail',
  ),
  /** `process`: a record is in a file before `write` returns, so that not even `kill -9` loses it. @default 'default' */
  durability: withDefault(
    Type.Union([Type.Literal('default'), Type.Literal('process')], {
      description: "'default' or 'process'",
    }),
    'default',
  ),
  /** Whether audit events are copied into the store. @default true */
  auditEvents: withDefault(trueOrFalse(), true),
  /**
   * Whether `text` also finds words of the bodies: of the first 16,384 characters of `data`, `output` and `error` of an integration
   * request. The index that this needs makes each write slower. @default false
   */
  searchBodies: withDefault(trueOrFalse(), false),
  /**
   * Whether the store only reads: a database that another process writes. Nothing is written or removed, no audit event is copied, and
   * there is no outbox. @default false
   */
  readOnly: withDefault(trueOrFalse(), false),
  /** A read that takes longer is ended, in milliseconds. @default 5_000 */
  queryTimeoutMs: withDefault(wholeFrom(1, 'milliseconds'), 5_000),
  /** Days that records are kept, or false for ever. @default 30 */
  retentionDays: withDefault(numberOrFalse(0, 'days'), 30),
  /** Days that the calls of routes are kept, or false for as long as other records. @default 7 */
  routeStatsDays: withDefault(numberOrFalse(0, 'days'), 7),
  /** Bytes at which the oldest records are removed, or false for no limit. @default the adapter's: 1 GiB for SQLite, else no limit */
  maxBytes: Type.Optional(numberOrFalse(1_048_576, 'bytes')),
  /** Between two checks for what is too old or too much, in milliseconds. @default 60_000 */
  pruneEveryMs: withDefault(wholeFrom(10, 'milliseconds'), 60_000),
  /** Records at which a batch is sent. @default 100 */
  batchRecords: withDefault(
    Type.Integer({ minimum: 1, maximum: 5_000, description: 'a whole number from 1 to 5,000' }),
    100,
  ),
  /** Milliseconds after which a batch is sent that is not full. @default 20 */
  flushMs: withDefault(wholeFrom(1, 'milliseconds'), 20),
  /** Records in memory that are not stored yet, at most. @default 20_000 */
  maxQueuedRecords: withDefault(wholeFrom(1, 'records'), 20_000),
  /** Bytes that these take, at most. @default 67_108_864 */
  maxQueuedBytes: withDefault(wholeFrom(1_024, 'bytes'), 67_108_864),
  /** The folder for records that can't be stored now, or false for none. @default beside the SQLite file, else in the working directory */
  outboxPath: Type.Optional(
    Type.Union([Type.String({ minLength: 1 }), Type.Literal(false)], {
      description: 'the path of a folder, or false',
    }),
  ),
  /** Bytes of that folder, at most. @default 268_435_456 */
  outboxMaxBytes: withDefault(wholeFrom(1_024, 'bytes'), 268_435_456),
  /** Milliseconds before the first new attempt; doubled with each. @default 100 */
  retryMs: withDefault(numberFrom(1, 'milliseconds'), 100),
  /** Milliseconds between two attempts, at most. @default 5_000 */
  maxRetryMs: withDefault(numberFrom(1, 'milliseconds'), 5_000),
  /** For a flush, and for all that the store does when the application closes, in milliseconds. @default 5_000 */
  closeTimeoutMs: withDefault(wholeFrom(1, 'milliseconds'), 5_000),
})

/** Options of the store plugin; either `url` or `adapter` is needed. */
export interface StoreOptions extends Given<typeof optionsSchema> {}

/** The options with their defaults. */
export interface ResolvedStoreOptions
  extends Omit<Resolved<typeof optionsSchema>, 'url' | 'adapter'> {
  /** How the application named the store. */
  readonly place: { readonly url: string } | { readonly adapter: StoreAdapter }
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws SCS_STORE_ERR_OPTIONS
 */
export function resolveOptions(given: StoreOptions): ResolvedStoreOptions {
  const { url, adapter, ...options } = resolve(
    optionsSchema,
    given,
    (...details) => new OptionsError(...details),
  )
  const { readOnly, durability, auditEvents } = options
  if (readOnly && durability !== 'default')
    throw new OptionsError('durability', "'default' with readOnly", durability)
  return { ...options, auditEvents: auditEvents && !readOnly, place: placeOf(url, adapter) }
}

function placeOf(
  url: string | undefined,
  adapter: StoreAdapter | undefined,
): ResolvedStoreOptions['place'] {
  if (adapter === undefined) {
    if (url !== undefined) return { url }
    const expected = "a URL such as 'sqlite:./scs.db', or a ready adapter as 'adapter'"
    throw new OptionsError('url', expected, show(url))
  }
  if (!isAdapter(adapter)) throw new OptionsError('adapter', 'a StoreAdapter', show(adapter))
  if (url === undefined) return { adapter }
  throw new OptionsError('url', "either 'url' or 'adapter'", 'both')
}

function isAdapter(adapter: Partial<StoreAdapter> | null): boolean {
  return typeof adapter?.open === 'function' && typeof adapter.insert === 'function'
}

/**
 * The folder of the outbox: the given one, the adapter's, or one in the working directory that is named after the URL;
 * undefined for no outbox.
 *
 * @throws OptionsError when `durability: 'process'` has no folder to write to
 */
export function outboxPathOf(
  options: ResolvedStoreOptions,
  adapter: StoreAdapter,
): string | undefined {
  const path = options.outboxPath ?? adapter.traits.outboxPath ?? defaultPath(options.place)
  if (path !== false && path !== undefined) return path
  if (options.durability === 'default') return undefined
  throw new OptionsError('outboxPath', "a folder, which durability: 'process' writes to", 'none')
}

function defaultPath(place: ResolvedStoreOptions['place']): string | undefined {
  // A store in memory needs no files.
  if (!('url' in place) || place.url.startsWith('memory:')) return undefined
  return outboxNameOf(place.url)
}

/** The folder in the working directory for a store whose adapter has none. */
export function outboxNameOf(url: string): string {
  const name = createHash('sha256').update(url).digest('hex').slice(0, 8)
  return `scs-store-${name}.outbox`
}
