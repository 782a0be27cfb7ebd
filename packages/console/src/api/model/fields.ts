import { Type } from '@sinclair/typebox'

type Schema = Parameters<typeof Type.Union>[0][number]

/** A value that may be missing. */
export const nullable = <Of extends Schema>(schema: Of) => Type.Union([schema, Type.Null()])

export const text = () => Type.String()
export const time = () => Type.Number({ description: 'Milliseconds since 1970' })
export const count = () => Type.Integer({ minimum: 0 })

/** Counts of the values of a field, the one with the most first. */
export const tallies = () =>
  Type.Array(Type.Object({ value: text(), count: count(), lastAt: time() }))

/** A span of time in pieces. */
export const pieces = () => Type.Object({ from: time(), to: time(), bucketMs: Type.Integer() })
