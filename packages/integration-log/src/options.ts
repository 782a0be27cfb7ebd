import { checkOptions } from '@fastify-scs/core/kit'
import { OptionsError } from './errors.js'
import { optionsSchema } from './options-schema.js'
import { type ResolvedService, resolveService, type ServiceOptions } from './service-options.js'

/** Options of the integration log. */
export interface IntegrationLogOptions {
  /** The services by name. @default {} */
  readonly services?: Readonly<Record<string, ServiceOptions>>
  /** Whether all other outbound calls of the process are recorded too. @default false */
  readonly observe?: boolean
  /** Whether bodies of the built-in fetch are recorded for declared services; replaces the global dispatcher. @default false */
  readonly captureGlobal?: boolean
  /** Whether calls are tied to the request that is being handled; costs each request an asynchronous context. @default true */
  readonly correlate?: boolean
  /** Bytes of a body that are kept, 0 to 1 MiB. @default 65536 */
  readonly maxBodyBytes?: number
  /** A call that has not ended by then is recorded as Queued, in milliseconds. @default 1000 */
  readonly queuedAfterMs?: number
  /** Services whose records' keys are kept as they are given; of the others a key that redaction changes is refused. @default [] */
  readonly keepKeys?: readonly string[]
}

export const DEFAULT_MAX_BODY_BYTES = 65_536
export const DEFAULT_QUEUED_AFTER_MS = 1_000

/** The options with their defaults. */
export interface ResolvedOptions {
  readonly services: ReadonlyMap<string, ResolvedService>
  readonly observe: boolean
  readonly captureGlobal: boolean
  readonly correlate: boolean
  readonly maxBodyBytes: number
  readonly queuedAfterMs: number
  readonly keepKeys: ReadonlySet<string>
}

/**
 * Checks the options and fills the defaults in.
 *
 * @throws SCS_INTEGRATION_ERR_OPTIONS
 */
export function resolveOptions(options: IntegrationLogOptions): ResolvedOptions {
  checkOptions(optionsSchema, options, (...details) => new OptionsError(...details))
  const maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES
  const services = Object.entries(options.services ?? {}).map(([name, service]) =>
    resolveService(name, service, maxBodyBytes),
  )
  return {
    services: new Map(services.map((service) => [service.name, service])),
    observe: options.observe ?? false,
    captureGlobal: options.captureGlobal ?? false,
    correlate: options.correlate ?? true,
    maxBodyBytes,
    queuedAfterMs: options.queuedAfterMs ?? DEFAULT_QUEUED_AFTER_MS,
    keepKeys: new Set(options.keepKeys),
  }
}
