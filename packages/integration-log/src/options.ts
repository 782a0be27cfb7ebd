import {
  type Given,
  listOf,
  nonEmptyText,
  optionsObject,
  resolveOptions as resolve,
  trueOrFalse,
  wholeNumber,
  withDefault,
} from '@fastify-scs/core/kit'
import { Type } from '@sinclair/typebox'
import { OptionsError } from './errors.js'
import {
  bodyBytes,
  type ResolvedService,
  resolveService,
  type ServiceOptions,
  serviceSchema,
} from './service-options.js'

const optionsSchema = optionsObject(
  {
    services: withDefault(
      Type.Record(Type.String({ minLength: 1 }), serviceSchema, {
        description: 'an object of services by name',
      }),
      {},
    ),
    /** Whether all other outbound calls of the process are recorded too. @default false */
    observe: withDefault(trueOrFalse(), false),
    /** Whether bodies of the built-in fetch are recorded for declared services; replaces the global dispatcher. @default false */
    captureGlobal: withDefault(trueOrFalse(), false),
    /** Whether calls are tied to the request that is being handled; costs each request an asynchronous context. @default true */
    correlate: withDefault(trueOrFalse(), true),
    /** Bytes of a body that are kept, 0 to 1 MiB. @default 65536 */
    maxBodyBytes: withDefault(bodyBytes, 65_536),
    /** A call that takes longer than this is recorded as Queued until it ends, in milliseconds. @default 1000 */
    queuedAfterMs: withDefault(wholeNumber(10, 3_600_000), 1_000),
    /** Services whose keys are kept even where redaction would change them; other services' are refused then. @default [] */
    keepKeys: withDefault(listOf(nonEmptyText(), 'a list of non-empty strings'), []),
  },
  'an object',
)

/** Options of the integration log. */
export interface IntegrationLogOptions extends Omit<Given<typeof optionsSchema>, 'services'> {
  /** The services by name. @default {} */
  readonly services?: Readonly<Record<string, ServiceOptions>>
}

/** The options with their defaults. */
export interface ResolvedOptions {
  readonly services: ReadonlyMap<string, ResolvedService>
  readonly observe: boolean
  readonly captureGlobal: boolean
  readonly correlate: boolean
  readonly queuedAfterMs: number
  readonly maxBodyBytes: number
  readonly keepKeys: ReadonlySet<string>
}

/**
 * Checks the options and fills the defaults in.
 *
 * @throws SCS_INTEGRATION_ERR_OPTIONS
 */
export function resolveOptions(given: IntegrationLogOptions): ResolvedOptions {
  const options = resolve(
    optionsSchema,
    given as Given<typeof optionsSchema>,
    (...details) => new OptionsError(...details),
  )
  const services = Object.entries<ServiceOptions>(given.services ?? {}).map(([name, service]) =>
    resolveService(name, service, options.maxBodyBytes),
  )
  return {
    ...options,
    services: new Map(services.map((service) => [service.name, service])),
    keepKeys: new Set(options.keepKeys),
  }
}
