import { type TObject, type TProperties, type TSchema, type TUnsafe, Type } from '@sinclair/typebox'
import type { DeliveryOptions, ErrorReporterOptions, IgnoreOptions } from './options.js'

const text: TSchema = Type.String({ minLength: 1, description: 'a non-empty string' })
const aFunction: TSchema = Type.Function([], Type.Unknown(), { description: 'a function' })

function whole(minimum: number, maximum: number): TSchema {
  return Type.Integer({
    minimum,
    maximum,
    description: `a whole number, ${minimum} to ${maximum}`,
  })
}

function closed(properties: TProperties, description: string): TObject {
  const optional = Object.entries(properties).map(([name, schema]) => [name, Type.Optional(schema)])
  return Type.Object(Object.fromEntries(optional), { additionalProperties: false, description })
}

function listOf(item: TSchema, description: string): TSchema {
  return Type.Array(item, { description })
}

const DAY_MS = 86_400_000

const ignore: TUnsafe<IgnoreOptions> = Type.Unsafe(
  closed(
    {
      classes: listOf(aFunction, 'a list of classes'),
      ids: listOf(text, 'a list of ids'),
      when: aFunction,
    },
    'an object { classes?, ids?, when? }',
  ),
)

const delivery: TUnsafe<DeliveryOptions> = Type.Unsafe(
  closed(
    {
      timeoutMs: whole(1, DAY_MS),
      retries: whole(0, 100),
      retryMs: whole(1, DAY_MS),
      maxRetryMs: whole(1, DAY_MS),
      concurrency: whole(1, 100),
      maxQueued: whole(1, 10_000),
      shutdownMs: whole(0, DAY_MS),
    },
    'an object of delivery options',
  ),
)

/** The schema of `ErrorReporterOptions`. */
export const optionsSchema: TUnsafe<ErrorReporterOptions> = Type.Unsafe(
  closed(
    {
      apiName: text,
      apiVersion: text,
      environment: text,
      errorReporter: Type.Union([aFunction, listOf(aFunction, 'a list of functions')], {
        description: 'a function or a list of functions',
      }),
      ignore,
      beforeReport: aFunction,
      fingerprint: aFunction,
      reportUser: aFunction,
      growth: Type.Number({ minimum: 1, maximum: 1000, description: 'a number, 1 to 1000' }),
      quietMs: whole(1, 365 * DAY_MS),
      maxCallsPerMinute: Type.Union([Type.Literal(false), whole(1, 100_000)], {
        description: 'a whole number, 1 to 100000, or false',
      }),
      maxGroups: whole(1, 1_000_000),
      maxBodyBytes: whole(0, 1_048_576),
      storeTimeoutMs: whole(1, DAY_MS),
      delivery,
      captureProcessErrors: Type.Boolean({ description: 'true or false' }),
    },
    'an object',
  ),
)
