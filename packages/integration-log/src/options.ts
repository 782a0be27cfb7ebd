import { checkOptions } from '@fastify-scs/core'
import type { Agent } from 'undici'
import { OptionsError } from './errors.js'
import { optionsSchema } from './options-schema.js'

/** Which bodies of a service are kept: all, those of failed calls, or none. */
export type BodyPolicy = 'always' | 'failed' | 'never'

/** What is redacted in the calls of a service, beside the lists of the whole app. */
export interface ServiceRedactOptions {
  /** Names of keys, whose notation does not matter. */
  readonly keys?: readonly string[]
  /** Names of headers. */
  readonly headers?: readonly string[]
}

/** A service that the application calls, or that calls it. */
export interface ServiceOptions {
  /** Where relative URLs lead, and by which other calls are known as the service's: `https://api.stripe.com`. */
  readonly origin?: string
  /** Which bodies are kept. @default 'always' */
  readonly bodies?: BodyPolicy
  readonly redact?: ServiceRedactOptions
  /** Bytes of a body that are kept, 0 to 1 MiB. @default the plugin's maxBodyBytes */
  readonly maxBodyBytes?: number
  /** Options of the service's undici Agent: timeouts, TLS, connections. @default {} */
  readonly agent?: Agent.Options
  /** URL of a proxy that the service's calls go through. */
  readonly proxy?: string
}

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

export const DEFAULT_BODIES = 'always'
export const DEFAULT_MAX_BODY_BYTES = 65_536
export const DEFAULT_QUEUED_AFTER_MS = 1_000

/** A service with its defaults. */
export interface ResolvedService {
  readonly name: string
  /** As `URL.origin` writes it; undefined for a service without one. */
  readonly origin: string | undefined
  readonly bodies: BodyPolicy
  readonly redact: ServiceRedactOptions
  readonly maxBodyBytes: number
  readonly agent: Agent.Options
  readonly proxy: string | undefined
}

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

function resolveService(
  name: string,
  options: ServiceOptions,
  maxBodyBytes: number,
): ResolvedService {
  return {
    name,
    origin: originOf(`services.${name}.origin`, options.origin),
    bodies: options.bodies ?? DEFAULT_BODIES,
    redact: options.redact ?? {},
    maxBodyBytes: options.maxBodyBytes ?? maxBodyBytes,
    agent: options.agent ?? {},
    proxy: options.proxy === undefined ? undefined : proxyOf(name, options.proxy),
  }
}

function originOf(path: string, given: string | undefined): string | undefined {
  if (given === undefined) return undefined
  const url = urlOf(given)
  // A path would be dropped without a word when a relative URL is resolved.
  if (url === undefined || url.pathname !== '/' || url.search !== '' || url.username !== '')
    throw new OptionsError(path, "an origin such as 'https://api.example.com'", 'another text')
  return url.origin
}

function proxyOf(name: string, given: string): string {
  if (urlOf(given) === undefined)
    throw new OptionsError(`services.${name}.proxy`, 'an http or https URL', 'another text')
  return given
}

function urlOf(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined
}
