import type { ErrorOfBody } from './error-body.js'
import { hasId, type Narrowed } from './is-scs-error.js'
import { type AnswerHead, readScsError } from './read-error.js'
import { type ResponseLike, readScsResponse } from './read-response.js'
import type { IdOf, ScsError, ScsErrors } from './scs-error.js'

/** The functions of this package, for the errors of one service. */
export interface ScsClient<Errors extends object> {
  /** Whether a value is the error of an id, and narrows it to that error's details. Never throws. */
  isScsError<Value, const Id extends IdOf<Errors>>(
    value: Value,
    id: Id,
  ): value is Value & Narrowed<Value, Id, Errors>
  /** Reads a body in whichever format; undefined for anything else. Never throws. */
  readScsError<Body>(body: Body, head?: AnswerHead): ErrorOfBody<Body> | undefined
  /** Reads the error of an answer of fetch; undefined for any other answer. Never rejects. */
  readScsResponse(response: ResponseLike): Promise<ScsError | undefined>
}

/**
 * The functions of this package for one service, by the details of its errors. There is nothing at run time but the functions
 * themselves.
 *
 * @example const orders = createScsClient<ErrorsOf<typeof errors>>()
 */
export function createScsClient<Errors extends object = ScsErrors>(): ScsClient<Errors> {
  const isScsError: ScsClient<Errors>['isScsError'] = <Value, Id extends IdOf<Errors>>(
    value: Value,
    id: Id,
  ): value is Value & Narrowed<Value, Id, Errors> => hasId(value, id)
  return { isScsError, readScsError, readScsResponse }
}
