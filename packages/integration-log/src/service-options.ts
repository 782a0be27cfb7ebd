import type { Agent } from 'undici'
import { OptionsError } from './errors.js'
import type { ResolvedOptions } from './options.js'
import type { IntegrationRecord } from './record.js'

/** The head of an answer, as `isFailure` sees it: as it came, nothing in it is redacted. */
export interface AnsweredCall {
  readonly method: string
  /** Absolute. */
  readonly url: string
  /** HTTP status code. */
  readonly status: number
  readonly headers: Headers
}

/** A request that is about to be sent again. */
export interface RetriedRequest {
  readonly method: string
  /** Absolute. */
  readonly url: string
  /** Those that will be sent; in place of redacted ones there is nothing. */
  readonly headers: Headers
  readonly body: string | undefined
  /** Of the attempt that failed. */
  readonly record: IntegrationRecord
}

/** Headers as fetch takes them. */
export type FetchHeaders = NonNullable<ConstructorParameters<typeof Headers>[0]>

/** How failed calls are sent again. */
export interface RetryOptions {
  /** Headers in place of those that redaction hides, such as `authorization`; others that it names are replaced. */
  headers?(request: RetriedRequest): FetchHeaders | Promise<FetchHeaders>
}

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
  /** What is redacted beside the lists of the whole app. @default {} */
  readonly redact?: ServiceRedactOptions
  /**
   * Names of keys whose values are kept as they are, in spite of all that says that they are secret: in JSON, forms, query strings and
   * headers. Each is just this name. @default []
   */
  readonly keep?: readonly string[]
  /** The header of an answer by which the service names the call, such as `x-amzn-requestid`: the record's `remoteId`. */
  readonly requestIdHeader?: string
  /**
   * Whether an answer is a failure for what its body says; a text is why, and becomes the error. Looks at each answer of the
   * service when the record of it is made, behind the answer's caller. `false` says nothing: what is a failure anyway stays one.
   * One that throws or returns a promise says `false`, is logged and counted.
   *
   * @param body JSON parsed, or text, as the service has sent it, redacted nowhere; undefined for one that is empty, binary, cut, or not kept
   */
  isFailure?(response: AnsweredCall, body: unknown): boolean | string
  /**
   * Whether failed calls may be sent again, by `retry` of a handle and `retryAll`. Only where the record has the whole request; with an
   * object its `headers` stand in for those that are redacted. @default false
   */
  readonly retry?: boolean | RetryOptions
  /** Bytes of a body that are kept, 0 to 1 MiB. @default the plugin's maxBodyBytes */
  readonly maxBodyBytes?: number
  /** Options of the service's undici Agent: timeouts, TLS, connections. @default {} */
  readonly agent?: Agent.Options
  /** URL of a proxy that the service's calls go through. */
  readonly proxy?: string
}

export const DEFAULT_BODIES = 'always'

/** A service with its defaults. */
export interface ResolvedService {
  readonly name: string
  /** As `URL.origin` writes it; undefined for a service without one. */
  readonly origin: string | undefined
  readonly bodies: BodyPolicy
  readonly redact: ServiceRedactOptions
  readonly keep: readonly string[]
  /** In lower case. */
  readonly requestIdHeader: string | undefined
  readonly isFailure: ServiceOptions['isFailure'] | undefined
  /** Undefined where nothing is sent again. */
  readonly retry: RetryOptions | undefined
  readonly maxBodyBytes: number
  readonly agent: Agent.Options
  readonly proxy: string | undefined
}

/** Fills in the defaults of a service. @throws SCS_INTEGRATION_ERR_OPTIONS */
export function resolveService(
  name: string,
  options: ServiceOptions,
  maxBodyBytes: number,
): ResolvedService {
  return {
    name,
    origin: originOf(`services.${name}.origin`, options.origin),
    bodies: options.bodies ?? DEFAULT_BODIES,
    redact: options.redact ?? {},
    keep: options.keep ?? [],
    requestIdHeader: options.requestIdHeader?.toLowerCase(),
    isFailure: options.isFailure?.bind(options),
    retry: retryOf(options.retry),
    maxBodyBytes: options.maxBodyBytes ?? maxBodyBytes,
    agent: options.agent ?? {},
    proxy: options.proxy === undefined ? undefined : proxyOf(name, options.proxy),
  }
}

function retryOf(retry: boolean | RetryOptions = false): RetryOptions | undefined {
  if (typeof retry === 'object') return retry
  return retry ? {} : undefined
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

/** Finds the service that is declared for an origin, the first one where there are several. */
export function serviceFinder(
  options: ResolvedOptions,
): (origin: string) => ResolvedService | undefined {
  const byOrigin = new Map<string, ResolvedService>()
  for (const service of options.services.values()) {
    const { origin } = service
    if (origin !== undefined && !byOrigin.has(origin)) byOrigin.set(origin, service)
  }
  return (origin) => byOrigin.get(origin)
}
