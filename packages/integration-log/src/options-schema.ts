import { type TObject, type TProperties, type TSchema, type TUnsafe, Type } from '@sinclair/typebox'
import type { IntegrationLogOptions } from './options.js'

const text: TSchema = Type.String({ minLength: 1, description: 'a non-empty string' })
const flag: TSchema = Type.Boolean({ description: 'true or false' })
const texts: TSchema = Type.Array(Type.String({ minLength: 1 }), {
  description: 'a list of non-empty strings',
})
const bodyBytes: TSchema = Type.Integer({
  minimum: 0,
  maximum: 1_048_576,
  description: 'a whole number, 0 to 1048576',
})

const aFunction: TSchema = Type.Function([], Type.Unknown(), { description: 'a function' })

function closed(properties: TProperties, description: string): TObject {
  const optional = Object.entries(properties).map(([name, schema]) => [name, Type.Optional(schema)])
  return Type.Object(Object.fromEntries(optional), { additionalProperties: false, description })
}

const service: TSchema = closed(
  {
    origin: text,
    bodies: Type.Union([Type.Literal('always'), Type.Literal('failed'), Type.Literal('never')], {
      description: "'always', 'failed' or 'never'",
    }),
    redact: closed({ keys: texts, headers: texts }, 'an object { keys?, headers? }'),
    keep: texts,
    requestIdHeader: text,
    isFailure: aFunction,
    retry: Type.Union([Type.Boolean(), closed({ headers: aFunction }, 'an object')], {
      description: 'true, false or an object { headers? }',
    }),
    maxBodyBytes: bodyBytes,
    // undici checks its own options when the agent is made.
    agent: Type.Object({}, { description: 'an object of undici Agent options' }),
    proxy: text,
  },
  'an object of options of a service',
)

/** The schema of `IntegrationLogOptions`. */
export const optionsSchema: TUnsafe<IntegrationLogOptions> = Type.Unsafe(
  closed(
    {
      services: Type.Record(Type.String({ minLength: 1 }), service, {
        description: 'an object of services by name',
      }),
      observe: flag,
      captureGlobal: flag,
      correlate: flag,
      maxBodyBytes: bodyBytes,
      queuedAfterMs: Type.Integer({
        minimum: 10,
        maximum: 3_600_000,
        description: 'a whole number, 10 to 3600000',
      }),
      keepKeys: texts,
    },
    'an object',
  ),
)
