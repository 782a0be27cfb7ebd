import {
  type Given,
  optionsObject,
  type Resolved,
  resolveOptions as resolve,
  trueOrFalse,
  wholeNumber,
  withDefault,
} from '@fastify-scs/core/kit'
import { OptionsError } from './errors.js'

const schema = optionsObject({
  /** Queries of one request that are kept one by one; the rest is counted. @default 200 */
  maxQueries: withDefault(wholeNumber(1, 1_000), 200),
  /** A statement that a request has run so many times is flagged as repeated (N+1). @default 5 */
  repeatedFrom: withDefault(wholeNumber(2, 1_000), 5),
  /** Whether drivers that tell of their queries by Node's diagnostics channels are listened to. @default true */
  channels: withDefault(trueOrFalse(), true),
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
