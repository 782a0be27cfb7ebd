import {
  functionOf,
  type Given,
  listOf,
  nonEmptyText,
  optionsObject,
  showUrl,
  wholeNumber,
} from '@fastify-scs/core/kit'
import { type Static, Type } from '@sinclair/typebox'
import type { Agent } from 'undici'
import { OptionsError } from './errors.js'
import type { IntegrationRecord } from './record.js'

/** The head of an answer as `isFailure` gets it: not redacted. */
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
  /** The headers that will be sent, without those that were redacted. */
  readonly headers: Headers
  readonly body: string | undefined
  /** Of the attempt that failed. */
  readonly record: IntegrationRecord
}

/** Headers as fetch takes them. */
export type FetchHeaders = NonNullable<ConstructorParameters<typeof Headers>[0]>

/** Headers for a call that is sent again, in place of those that redaction hides. */
export type RetryHeaders = (request: RetriedRequest) => FetchHeaders | Promise<FetchHeaders>

/** Bytes of a body that are kept. */
export const bodyBytes = wholeNumber(0, 1_048_576)

const texts = listOf(nonEmptyText(), 'a list of non-empty strings')

const redactSchema = optionsObject(
  {
    /** Names of keys, in any notation (`apiKey`, `api_key`). */
    keys: Type.Optional(texts),
    /** Names of headers. */
    headers: Type.Optional(texts),
  },
  'an object { keys?, headers? }',
)

const retrySchema = optionsObject(
  {
    /** Headers in place of those that redaction hides, such as `authorization`; it may replace others too. */
    headers: Type.Optional(functionOf<RetryHeaders>()),
  },
  'an object',
)

const bodyPolicy = Type.Union(
  [Type.Literal('always'), Type.Literal('failed'), Type.Literal('never')],
  { description: "'always', 'failed' or 'never'" },
)

/** The options of a service. */
export const serviceSchema = optionsObject(
  {
    /** Base of relative URLs; other calls to it count as the service's, too: `https://api.stripe.com`. */
    origin: Type.Optional(nonEmptyText()),
    /** Which bodies are kept: all, those of failed calls, or none. @default 'always' */
    bodies: Type.Optional(bodyPolicy),
    /** What is redacted beside the lists of the whole app. @default {} */
    redact: Type.Optional(redactSchema),
    /**
     * Exact names of keys whose values are never redacted: in JSON, forms, query strings
     * and headers. @default []
     */
    keep: Type.Optional(texts),
    /** The header of an answer by which the service names the call, such as `x-amzn-requestid`: the record's `remoteId`. */
    requestIdHeader: Type.Optional(nonEmptyText()),
    isFailure: Type.Optional(functionOf<unknown>()),
    /**
     * Whether failed calls may be sent again, by `retry` of a handle and `retryAll`: only where the record has the whole request. In an
     * object, `headers` stands in for the headers that are redacted. @default false
     */
    retry: Type.Optional(
      Type.Union([Type.Boolean(), retrySchema], {
        description: 'true, false or an object { headers? }',
      }),
    ),
    /** Bytes of a body that are kept, 0 to 1 MiB. @default the plugin's maxBodyBytes */
    maxBodyBytes: Type.Optional(bodyBytes),
    /** Options of the service's undici Agent: timeouts, TLS, connections. undici checks them itself. @default {} */
    agent: Type.Optional(
      Type.Unsafe<Agent.Options>(
        Type.Object({}, { description: 'an object of undici Agent options' }),
      ),
    ),
    /** URL of a proxy that the service's calls go through. */
    proxy: Type.Optional(nonEmptyText()),
  },
  'an object of options of a service',
)

/** Which bodies of a service are kept: all, those of failed calls, or none. */
export type BodyPolicy = Static<typeof bodyPolicy>

/** What is redacted in the calls of a service, beside the lists of the whole app. */
export interface ServiceRedactOptions extends Given<typeof redactSchema> {}

/** How failed calls are sent again. */
export interface RetryOptions extends Given<typeof retrySchema> {}

/** A service that the application calls, or that calls it. */
export interface ServiceOptions extends Omit<Given<typeof serviceSchema>, 'isFailure'> {
  /**
   * Whether an answer is a failure although its status is not; a text is the reason, and becomes the error. It is called for each answer
   * of the service when its record is made, after the caller has got the answer. `false` changes nothing: a call that failed anyway
   * stays failed. A function that throws or returns a promise counts as `false`, and is logged and counted.
   *
   * The body is parsed JSON, or text, as the service has sent it, not redacted; undefined for a body that is empty, binary, cut, or
   * not kept.
   */
  // A method, so that an implementation may give the body a type of its own.
  isFailure?(response: AnsweredCall, body: unknown): boolean | string
}

/** A service with its defaults. */
export interface ResolvedService {
  readonly name: string
  /** In the form of `URL.origin`; undefined for a service without one. */
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
    bodies: options.bodies ?? 'always',
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
  // A path would be dropped silently when a relative URL is resolved.
  if (url === undefined || url.pathname !== '/' || url.search !== '' || url.username !== '')
    throw new OptionsError(path, "an origin such as 'https://api.example.com'", showUrl(given))
  return url.origin
}

function proxyOf(name: string, given: string): string {
  if (urlOf(given) === undefined)
    throw new OptionsError(`services.${name}.proxy`, 'an http or https URL', showUrl(given))
  return given
}

function urlOf(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined
}

/** Finds the service that is declared for an origin, the first one where there are several. */
export function serviceFinder(options: {
  readonly services: ReadonlyMap<string, ResolvedService>
}): (origin: string) => ResolvedService | undefined {
  const byOrigin = new Map<string, ResolvedService>()
  for (const service of options.services.values()) {
    const { origin } = service
    if (origin !== undefined && !byOrigin.has(origin)) byOrigin.set(origin, service)
  }
  return (origin) => byOrigin.get(origin)
}
