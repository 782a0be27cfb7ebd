import type { ErrorOfBody } from './error-body.js'

/** The bodies of all answers of 400 and above of one operation, as openapi-typescript describes them. */
type BodyOfResponses<Responses> = {
  [Status in keyof Responses]: Status extends 'default' | '4XX' | '5XX' | number
    ? `${Status}` extends 'default' | `${4 | 5}${string}`
      ? Responses[Status] extends { readonly content: infer Content }
        ? Content[keyof Content]
        : never
      : never
    : never
}[keyof Responses]

type BodyOfOperation<Operation> = Operation extends { readonly responses: infer Responses }
  ? BodyOfResponses<Responses>
  : never

type BodyOfPaths<Paths> = {
  [Path in keyof Paths]: {
    [Method in keyof Paths[Path]]-?: BodyOfOperation<NonNullable<Paths[Path][Method]>>
  }[keyof Paths[Path]]
}[keyof Paths]

type KnownError<Error> = Error extends { readonly id: infer Id extends string }
  ? string extends Id
    ? never
    : Error
  : never

type ById<Error extends { readonly id: string; readonly details: unknown }> = {
  readonly [Each in Error as Each['id']]: Each['details']
}

/**
 * The details of a service's errors by their ids, read from the types that openapi-typescript makes of its document.
 *
 * @example type OrderErrors = ErrorsOfPaths<paths>
 */
export type ErrorsOfPaths<Paths> = ById<KnownError<ErrorOfBody<NonNullable<BodyOfPaths<Paths>>>>>
