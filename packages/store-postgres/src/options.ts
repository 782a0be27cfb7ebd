import { checkOptions } from '@fastify-scs/core/kit'
import { OptionsError } from '@fastify-scs/store/adapter'
import { type Static, Type } from '@sinclair/typebox'

export const DEFAULT_POOL_SIZE = 4
export const DEFAULT_CONNECT_TIMEOUT_MS = 5_000
export const DEFAULT_STATEMENT_TIMEOUT_MS = 10_000

const MAX_TIMEOUT_MS = 600_000

function milliseconds() {
  const description = `a whole number of milliseconds from 100 to ${MAX_TIMEOUT_MS}`
  return Type.Integer({ minimum: 100, maximum: MAX_TIMEOUT_MS, description })
}

const optionsSchema = Type.Object(
  {
    poolSize: Type.Optional(
      Type.Integer({ minimum: 2, maximum: 100, description: 'a whole number from 2 to 100' }),
    ),
    connectTimeoutMs: Type.Optional(milliseconds()),
    statementTimeoutMs: Type.Optional(milliseconds()),
  },
  { additionalProperties: false },
)

/** Options of the PostgreSQL store, the `adapterOptions` of the plugin. */
export interface PostgresStoreOptions {
  /** Connections at most, from 2; half of them write at the same time. @default 4 */
  readonly poolSize?: number
  /** How long a connection may take to be made, or to become free, in milliseconds. @default 5_000 */
  readonly connectTimeoutMs?: number
  /** How long one statement that writes or reads records may take, in milliseconds. @default 10_000 */
  readonly statementTimeoutMs?: number
}

/**
 * Checks the options and fills the defaults in.
 *
 * @throws OptionsError
 */
export function resolveOptions(options: PostgresStoreOptions): Required<PostgresStoreOptions> {
  checkOptions(optionsSchema, options satisfies Static<typeof optionsSchema>, (...parts) => {
    return new OptionsError(...parts)
  })
  return {
    poolSize: options.poolSize ?? DEFAULT_POOL_SIZE,
    connectTimeoutMs: options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    statementTimeoutMs: options.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS,
  }
}
