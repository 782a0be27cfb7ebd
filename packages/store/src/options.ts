import { createHash } from 'node:crypto'
import { checkOptions } from '@fastify-scs/core/kit'
import { Type } from '@sinclair/typebox'
import { OptionsError } from './errors.js'
import type { StoreAdapter } from './port.js'

const number = (minimum: number, description: string) =>
  Type.Optional(Type.Number({ minimum, description: `${description}, from ${minimum}` }))
const integer = (minimum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum, description: `${description}, from ${minimum}` }))
const noneOr = (minimum: number, description: string) =>
  Type.Optional(
    Type.Union([Type.Number({ minimum }), Type.Literal(false)], {
      description: `${description}, from ${minimum}, or false`,
    }),
  )

const optionsSchema = Type.Object(
  {
    url: Type.Optional(
      Type.String({ minLength: 1, description: "a URL such as 'sqlite:./scs.db'" }),
    ),
    adapter: Type.Optional(
      Type.Unsafe<StoreAdapter>(Type.Object({}, { description: 'a StoreAdapter' })),
    ),
    adapterOptions: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: "an object of the adapter's options",
      }),
    ),
    startup: Type.Optional(
      Type.Union([Type.Literal('wait'), Type.Literal('fail')], { description: "'wait' or 'fail'" }),
    ),
    durability: Type.Optional(
      Type.Union([Type.Literal('default'), Type.Literal('process')], {
        description: "'default' or 'process'",
      }),
    ),
    auditEvents: Type.Optional(Type.Boolean({ description: 'true or false' })),
    searchBodies: Type.Optional(Type.Boolean({ description: 'true or false' })),
    retentionDays: noneOr(0, 'a number of days'),
    maxBytes: noneOr(1_048_576, 'a number of bytes'),
    pruneEveryMs: integer(10, 'a whole number of milliseconds'),
    batchRecords: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 5_000, description: 'a whole number from 1 to 5,000' }),
    ),
    flushMs: integer(1, 'a whole number of milliseconds'),
    maxQueuedRecords: integer(1, 'a whole number of records'),
    maxQueuedBytes: integer(1_024, 'a whole number of bytes'),
    outboxPath: Type.Optional(
      Type.Union([Type.String({ minLength: 1 }), Type.Literal(false)], {
        description: 'the path of a folder, or false',
      }),
    ),
    outboxMaxBytes: integer(1_024, 'a whole number of bytes'),
    retryMs: number(1, 'a number of milliseconds'),
    maxRetryMs: number(1, 'a number of milliseconds'),
    closeTimeoutMs: integer(1, 'a whole number of milliseconds'),
  },
  { additionalProperties: false },
)

/** Options of the store plugin; either `url` or `adapter` is needed. */
export interface StoreOptions {
  /** `sqlite:./scs.db`, `postgres://user@host/database` or `memory:`; the scheme's package must be installed. */
  readonly url?: string
  /** A ready adapter, for a database of another kind. */
  readonly adapter?: StoreAdapter
  /** What the adapter's package takes beside the URL. */
  readonly adapterOptions?: Readonly<Record<string, unknown>>
  /** Whether the application starts while the database is not available. @default 'fail' */
  readonly startup?: 'wait' | 'fail'
  /** `process`: a record is in a file before `write` returns, so that not even `kill -9` loses it. @default 'default' */
  readonly durability?: 'default' | 'process'
  /** Whether audit events are copied into the store. @default true */
  readonly auditEvents?: boolean
  /**
   * Whether `text` finds words of the bodies too: of the first 16,384 characters of `data`, `output` and `error` of an integration
   * request. An index of them costs each record on its way. @default false
   */
  readonly searchBodies?: boolean
  /** Days that records are kept, or false for ever. @default 30 */
  readonly retentionDays?: number | false
  /** Bytes at which the oldest records go, or false for no limit. @default the adapter's: 1 GiB for SQLite, else no limit */
  readonly maxBytes?: number | false
  /** Between two looks at what is too old, in milliseconds. @default 60_000 */
  readonly pruneEveryMs?: number
  /** Records at which a batch leaves. @default 100 */
  readonly batchRecords?: number
  /** Milliseconds after which a batch leaves that is not full. @default 20 */
  readonly flushMs?: number
  /** Records in memory that are not stored yet, at most. @default 20_000 */
  readonly maxQueuedRecords?: number
  /** Bytes that these take, at most. @default 67_108_864 */
  readonly maxQueuedBytes?: number
  /** The folder for records that can't be stored now, or false for none. @default beside the SQLite file, else in the working directory */
  readonly outboxPath?: string | false
  /** Bytes of that folder, at most. @default 268_435_456 */
  readonly outboxMaxBytes?: number
  /** Milliseconds before the first new try; doubles with each. @default 100 */
  readonly retryMs?: number
  /** Milliseconds between two tries, at most. @default 5_000 */
  readonly maxRetryMs?: number
  /** For a flush, the last one included, in milliseconds. @default 5_000 */
  readonly closeTimeoutMs?: number
}

type WithoutDefault = 'url' | 'adapter' | 'maxBytes' | 'outboxPath'

/** The options with their defaults. */
export interface ResolvedStoreOptions extends Required<Omit<StoreOptions, WithoutDefault>> {
  /** How the application named the store. */
  readonly place: { readonly url: string } | { readonly adapter: StoreAdapter }
  /** Undefined for the adapter's default. */
  readonly maxBytes: number | false | undefined
  /** Undefined for the default place. */
  readonly outboxPath: string | false | undefined
}

/**
 * Checks the options and fills the defaults in.
 *
 * @throws SCS_STORE_ERR_OPTIONS
 */
export function resolveOptions(options: StoreOptions): ResolvedStoreOptions {
  const { adapter, ...rest } = options
  // The adapter is an object of any class, which is not walked into.
  const checked = adapter === undefined ? rest : { ...rest, adapter: {} as StoreAdapter }
  checkOptions(optionsSchema, checked, (...details) => new OptionsError(...details))
  return {
    place: placeOf(options),
    adapterOptions: options.adapterOptions ?? {},
    startup: options.startup ?? 'fail',
    durability: options.durability ?? 'default',
    auditEvents: options.auditEvents ?? true,
    searchBodies: options.searchBodies ?? false,
    retentionDays: options.retentionDays ?? 30,
    maxBytes: options.maxBytes,
    pruneEveryMs: options.pruneEveryMs ?? 60_000,
    batchRecords: options.batchRecords ?? 100,
    flushMs: options.flushMs ?? 20,
    maxQueuedRecords: options.maxQueuedRecords ?? 20_000,
    maxQueuedBytes: options.maxQueuedBytes ?? 67_108_864,
    outboxPath: options.outboxPath,
    outboxMaxBytes: options.outboxMaxBytes ?? 268_435_456,
    retryMs: options.retryMs ?? 100,
    maxRetryMs: options.maxRetryMs ?? 5_000,
    closeTimeoutMs: options.closeTimeoutMs ?? 5_000,
  }
}

function placeOf({ url, adapter }: StoreOptions): ResolvedStoreOptions['place'] {
  if (url !== undefined && adapter === undefined) return { url }
  if (url === undefined && adapter !== undefined) return { adapter }
  throw new OptionsError('url', "either 'url' or 'adapter'", url === undefined ? 'neither' : 'both')
}

/**
 * The folder of the outbox: the given one, the adapter's, or one in the working directory that is named after the URL;
 * undefined when there is none.
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
  // What a store in memory could not keep is not worth a file.
  if (!('url' in place) || place.url.startsWith('memory:')) return undefined
  const name = createHash('sha256').update(place.url).digest('hex').slice(0, 8)
  return `scs-store-${name}.outbox`
}
