import {
  type Given,
  optionsObject,
  type Resolved,
  resolveOptions as resolve,
  wholeNumber,
  withDefault,
} from '@fastify-scs/core/kit'
import { OptionsError } from '@fastify-scs/store/adapter'

const MAX_TIMEOUT_MS = 600_000

const optionsSchema = optionsObject({
  /** Connections at most, from 2; half of them write at the same time. @default 4 */
  poolSize: withDefault(wholeNumber(2, 100), 4),
  /** How long a connection may take to be made, or to become free, in milliseconds. @default 5_000 */
  connectTimeoutMs: withDefault(wholeNumber(100, MAX_TIMEOUT_MS), 5_000),
  /** How long one statement that writes or reads records may take, in milliseconds. @default 10_000 */
  statementTimeoutMs: withDefault(wholeNumber(100, MAX_TIMEOUT_MS), 10_000),
})

/** Options of the PostgreSQL store, the `adapterOptions` of the plugin. */
export interface PostgresStoreOptions extends Given<typeof optionsSchema> {}

/** The options with their defaults. */
export interface ResolvedPostgresStoreOptions extends Resolved<typeof optionsSchema> {}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws OptionsError
 */
export function resolveOptions(options: PostgresStoreOptions): ResolvedPostgresStoreOptions {
  return resolve(optionsSchema, options, (...details) => new OptionsError(...details))
}
