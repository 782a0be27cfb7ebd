import { type Static, Type } from '@sinclair/typebox'

/** A span of time of a query; both ends are ISO 8601 or milliseconds. */
export const spanFields = {
  /** @default a day before `to` */
  from: Type.Optional(Type.String()),
  /** @default now */
  to: Type.Optional(Type.String()),
}

/** A span of time, as the query of a URL. */
export const SpanQuery = Type.Object(spanFields, { additionalProperties: false })
export type SpanQuery = Static<typeof SpanQuery>
