/** The formats of error answers that a service of `@fastify-scs/core` has. */
export type ScsErrorFormat = 'scs' | 'pymacaron' | 'problem'

/** An error answer, read from whichever format it came in. */
export interface ScsError<Id extends string = string, Details = unknown> {
  /** The id that the service has registered: `orders-sold-out`. In the `pymacaron` format it is made of the code. */
  readonly id: Id
  /** The id in upper snake case: `ORDERS_SOLD_OUT`, as the `pymacaron` format has it. */
  readonly code: string
  /** What may be shown; an empty text where the answer says nothing. */
  readonly message: string
  /** The data that the service has added; undefined where it added none. */
  readonly details: Details
  /** HTTP status code; undefined where neither the body nor the caller has told it. */
  readonly status: number | undefined
  /** The id of the service's report about the failure, for a support request; undefined where there is none. */
  readonly errorId: string | undefined
  readonly format: ScsErrorFormat
}

/**
 * The details of a service's errors, by their ids. To be added to by an application that talks with one service; with several of them,
 * use `createScsClient` for each.
 *
 * @example declare module '@fastify-scs/client' { interface ScsErrors { 'orders-sold-out': { left: number } } }
 */
// biome-ignore lint/suspicious/noEmptyInterface: an application adds its errors to it
export interface ScsErrors {}

/** The ids that may be asked for: the known ones, or any where none is known. */
export type IdOf<Errors extends object> = [keyof Errors] extends [never]
  ? string
  : keyof Errors & string

/** The details of an error; unknown where its id is not among the known ones. */
export type DetailsOfId<Errors extends object, Id extends string> = Id extends keyof Errors
  ? Errors[Id]
  : unknown

/** The error of an id, with its details. */
export type ErrorOfId<Errors extends object, Id extends string> = ScsError<
  Id,
  DetailsOfId<Errors, Id>
>
