import type { IdOfCode } from './error-body.js'

/** A definition of the service, as `registerError` and `defineError` return it; described here, so that core is not needed. */
interface Definition<Id extends string> {
  readonly code: number
  readonly id: Id
  readonly message: string
}

/** A class of the service that extends `ServiceError`. */
interface ErrorClass<Code extends string> {
  readonly code: Code
  readonly status: number
  readonly prototype: object
}

type IdOfDefinition<Value> =
  Value extends Definition<infer Id>
    ? string extends Id
      ? never
      : Id
    : Value extends ErrorClass<infer Code>
      ? string extends Code
        ? never
        : IdOfCode<Code>
      : never

/** Whether a schema is marked by TypeBox's `Type.Optional`: one of its symbols has that value. */
type IsOptional<Schema> = {
  [Mark in keyof Schema & symbol]: Schema[Mark] extends 'Optional' ? true : never
}[keyof Schema & symbol]

type DetailsOfSchema<Schema extends { readonly static: unknown }> =
  true extends IsOptional<Schema>
    ? (Schema & { params: [] })['static'] | undefined
    : (Schema & { params: [] })['static']

type DetailsOfDefinition<Value> = Value extends { readonly details?: infer Schema }
  ? NonNullable<Schema> extends { readonly static: unknown }
    ? DetailsOfSchema<NonNullable<Schema>>
    : unknown
  : unknown

type ValueOf<Definitions> = Definitions extends readonly unknown[]
  ? Definitions[number]
  : Definitions[keyof Definitions]

/**
 * The details of a service's errors by their ids, read from its own definitions: a module of them, an object or a list. For
 * `import type`, so that no code of the service comes into the client.
 *
 * @example type OrderErrors = ErrorsOf<typeof errors>
 */
export type ErrorsOf<Definitions> = {
  readonly [Value in ValueOf<Definitions> as IdOfDefinition<Value>]: DetailsOfDefinition<Value>
}
