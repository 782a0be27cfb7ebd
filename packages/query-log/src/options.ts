import {
  type Given,
  optionsObject,
  type Resolved,
  resolveOptions as resolve,
  wholeNumber,
  withDefault,
} from '@fastify-scs/core/kit'
import { Type } from '@sinclair/typebox'
import { OptionsError } from './errors.js'

const CHANNEL_DRIVERS = ['mysql2', '@redis/client', 'node:sqlite', 'ioredis'] as const

/** A driver that tells of its queries by Node's diagnostics channels. */
export type ChannelDriver = (typeof CHANNEL_DRIVERS)[number]

const channelDriver = Type.Union(CHANNEL_DRIVERS.map((name) => Type.Literal(name)))

const schema = optionsObject({
  /** Queries of one request that are kept one by one; the rest is counted. @default 200 */
  maxQueries: withDefault(wholeNumber(1, 1_000), 200),
  /** A statement that a request has run so many times is flagged as repeated (N+1). @default 5 */
  repeatedFrom: withDefault(wholeNumber(2, 1_000), 5),
  /**
   * Which drivers are listened to that tell of their queries by Node's diagnostics channels: all but ioredis, none, or those of a list.
   * @default true
   */
  channels: withDefault(
    Type.Unsafe<boolean | readonly ChannelDriver[]>(
      Type.Union([Type.Boolean(), Type.Array(channelDriver)], {
        description: `true, false, or a list of ${CHANNEL_DRIVERS.map((name) => `'${name}'`).join(', ')}`,
      }),
    ),
    true,
  ),
})

/** Options of the plugin. */
export interface QueryLogOptions extends Given<typeof schema> {}

/** The options with their defaults. */
export type Settings = Resolved<typeof schema>

/**
 * Checks the options and fills the defaults in.
 *
 * @throws SCS_QUERY_LOG_ERR_OPTIONS
 */
export function resolveOptions(options: QueryLogOptions): Settings {
  return resolve(schema, options, (...details) => new OptionsError(...details))
}
