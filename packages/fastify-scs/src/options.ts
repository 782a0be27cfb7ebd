import type { ConsoleOptions } from '@fastify-scs/console'
import type { ScsOptions } from '@fastify-scs/core'
import { checkOptions, isObject, optionsObject, show } from '@fastify-scs/core/kit'
import type { ErrorReporterOptions } from '@fastify-scs/error-reporter'
import type { IntegrationLogOptions } from '@fastify-scs/integration-log'
import type { QueryLogOptions } from '@fastify-scs/query-log'
import type { SlowCallOptions } from '@fastify-scs/slow-call'
import type { StoreOptions } from '@fastify-scs/store'
import { Type } from '@sinclair/typebox'
import { ConsoleStoreError, OptionsError } from './errors.js'
import { type Environment, readVariables, type VariableOptions } from './variables.js'

/** The options of the plugins beside those of core, which stand beside them. */
export interface PluginOptions {
  /**
   * The store: a URL, the options of @fastify-scs/store, or false for none.
   *
   * @default the variable SCS_STORE_URL, else none
   */
  readonly store?: string | StoreOptions | false
  /** Crash and error reports; false for none. @default {} */
  readonly errorReporter?: ErrorReporterOptions | false
  /** Reports of slow and stuck calls and of a blocked event loop; false for none. @default {} */
  readonly slowCall?: SlowCallOptions | false
  /** The queries of each request; false for none. @default {} */
  readonly queryLog?: QueryLogOptions | false
  /** The log of calls to and from other services; false for none. @default {} */
  readonly integrationLog?: IntegrationLogOptions | false
  /** The page over the store: where it is and who may see it. @default false */
  readonly console?: ConsoleOptions | false
}

/** Options of the plugin: those of core, and those of each other plugin under its name. */
export interface FastifyScsOptions extends ScsOptions, PluginOptions {}

/** What each plugin is registered with; undefined for one that is left out. */
export interface ResolvedOptions {
  readonly core: ScsOptions
  readonly store: StoreOptions | undefined
  readonly errorReporter: ErrorReporterOptions | undefined
  readonly slowCall: SlowCallOptions | undefined
  readonly queryLog: QueryLogOptions | undefined
  readonly integrationLog: IntegrationLogOptions | undefined
  readonly console: ConsoleOptions | undefined
}

const PLUGINS: Readonly<Record<keyof PluginOptions, true>> = {
  store: true,
  errorReporter: true,
  slowCall: true,
  queryLog: true,
  integrationLog: true,
  console: true,
}

const CORE: Readonly<Record<keyof ScsOptions, true>> = {
  source: true,
  errorFormat: true,
  errorDecorator: true,
  errorHeaders: true,
  trustForeignStatus: true,
  returnedErrors: true,
  methodNotAllowed: true,
  strictOrder: true,
  user: true,
  audit: true,
  redact: true,
  context: true,
  breadcrumbs: true,
  enforceThrows: true,
  errorPages: true,
  errorSchema: true,
  openapi: true,
}

/**
 * Takes the options of each plugin out of those that were given, with what the environment says where no option does. Each plugin checks
 * its own.
 *
 * @throws SCS_ALL_ERR_OPTIONS, SCS_ALL_ERR_VARIABLE, SCS_ALL_ERR_CONSOLE_STORE
 */
export function resolveOptions(given: FastifyScsOptions, env: Environment): ResolvedOptions {
  checkOptions(namesSchema, given, (...details) => new OptionsError(...details))
  const variables = readVariables(env)
  const { store, errorReporter, slowCall, queryLog, integrationLog, console, ...core } = given
  const { environment, slowCallMs, errorFormat, source } = variables
  const resolved = {
    core: { ...(source && { source }), ...(errorFormat && { errorFormat }), ...withoutUnset(core) },
    store: storeOptions(store, variables),
    errorReporter: pluginOptions('errorReporter', errorReporter, environment && { environment }),
    slowCall: pluginOptions('slowCall', slowCall, slowCallMs && { maxMs: slowCallMs }),
    queryLog: pluginOptions('queryLog', queryLog),
    integrationLog: pluginOptions('integrationLog', integrationLog),
    console: pluginOptions('console', console === undefined ? false : console),
  }
  if (resolved.console !== undefined && resolved.store === undefined) throw new ConsoleStoreError()
  return resolved
}

/** Each name that is known, so that a misspelt one is found before any plugin is registered; the values are checked by their plugins. */
const namesSchema = optionsObject(
  Object.fromEntries(
    [...Object.keys(PLUGINS), ...Object.keys(CORE)].map((name) => [
      name,
      Type.Optional(Type.Any()),
    ]),
  ),
)

function storeOptions(
  given: FastifyScsOptions['store'],
  { storeUrl, retentionDays }: VariableOptions,
): StoreOptions | undefined {
  if (given === false) return undefined
  if (given === undefined && storeUrl === undefined) return undefined
  const defaults = retentionDays === undefined ? {} : { retentionDays }
  if (typeof given === 'string') return { ...defaults, url: given }
  const options = pluginOptions('store', given, defaults) ?? {}
  // An object without a place, such as { retentionDays: 7 }, leaves that to the variable.
  const isPlaced = options.url !== undefined || options.adapter !== undefined
  return isPlaced || storeUrl === undefined ? options : { ...options, url: storeUrl }
}

function pluginOptions<Options extends object>(
  name: keyof PluginOptions,
  given: Options | false | undefined,
  defaults: Partial<Options> | undefined | '' | 0 = {},
): Options | undefined {
  if (given === false) return undefined
  if (given !== undefined && (!isObject(given) || Array.isArray(given))) {
    const url = name === 'store' ? 'a URL, ' : ''
    throw new OptionsError(name, `${url}an object of options or false`, show(given))
  }
  return { ...(defaults || {}), ...withoutUnset(given ?? {}) } as Options
}

/** Without the options that are undefined, which would hide what the environment says. */
function withoutUnset<Options extends object>(given: Options): Options {
  const set = Object.entries(given).filter(([, value]) => value !== undefined)
  return Object.fromEntries(set) as Options
}
