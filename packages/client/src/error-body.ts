import type { ScsError } from './scs-error.js'

/** The body of the `scs` format. */
export interface ScsBody<Id extends string = string, Details = unknown> {
  readonly error: { readonly id: Id; readonly message: string; readonly details: Details }
}

/** The body of the `pymacaron` format. */
export interface PymacaronBody<Code extends string = string, Details = unknown> {
  readonly error: Code
  readonly error_description?: string
  readonly user_message?: string
  readonly status?: number | string
  readonly error_id?: string
  readonly error_details: Details
}

/** The body of the `problem` format, RFC 9457. */
export interface ProblemBody<Id extends string = string, Details = unknown> {
  readonly type?: string
  readonly title?: string
  readonly status?: number
  readonly detail?: string
  readonly instance?: string
  readonly id: Id
  readonly error_id?: string
  readonly error?: undefined
  readonly details: Details
}

/** The body of an error in any of the formats. */
export type ErrorBody<Id extends string = string, Details = unknown> =
  | ScsBody<Id, Details>
  | PymacaronBody<CodeOf<Id>, Details>
  | ProblemBody<Id, Details>

/** `orders-sold-out` -> `ORDERS_SOLD_OUT`; a character that is no letter and no digit of ASCII is not read by the compiler. */
export type CodeOf<Id extends string> = string extends Id ? string : Uppercase<Joined<Id, '-', '_'>>

/** `ORDERS_SOLD_OUT` -> `orders-sold-out` */
export type IdOfCode<Code extends string> = string extends Code
  ? string
  : Lowercase<Joined<Code, '_', '-'>>

type Joined<
  Text extends string,
  From extends string,
  To extends string,
> = Text extends `${infer Left}${From}${infer Right}`
  ? `${Left}${To}${Joined<Right, From, To>}`
  : Text

/**
 * What `readScsError` makes of a body of this type: for each error of a union its own. So the types that openapi-typescript makes of a
 * service's document are read as well.
 */
export type ErrorOfBody<Body> = Body extends ScsError
  ? Body
  : Body extends { readonly error: { readonly id: infer Id extends string } }
    ? ScsError<Id, FieldOf<Body['error'], 'details'>>
    : Body extends { readonly error: infer Code extends string }
      ? ScsError<IdOfCode<Code>, FieldOf<Body, 'error_details'>>
      : Body extends { readonly id: infer Id extends string }
        ? ScsError<Id, FieldOf<Body, 'details'>>
        : ScsError

type FieldOf<Holder, Name extends string> = Name extends keyof Holder
  ? Holder[Name]
  : Partial<Record<Name, unknown>> extends Holder
    ? unknown
    : Holder extends { readonly [Field in Name]?: infer Value }
      ? Value
      : unknown
