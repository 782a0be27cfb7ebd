import type { ErrorBody, ErrorOfBody } from './error-body.js'
import { readBody, toCode } from './read-error.js'
import type { DetailsOfId, ErrorOfId, IdOf, ScsError, ScsErrors } from './scs-error.js'

/**
 * What a value is once `isScsError` has found an id: of a union, the errors of that id; of an error that was read, that error with its details; of a
 * value of which nothing is known, its body in one of the formats.
 */
export type Narrowed<Value, Id extends string, Errors extends object> = unknown extends Value
  ? ErrorBody<Id, DetailsOfId<Errors, Id>>
  : Value extends ScsError<infer Known, infer Details>
    ? string extends Known
      ? Value & ErrorOfId<Errors, Id>
      : Known extends Id
        ? ScsError<Known, Details>
        : never
    : ErrorOfBody<NonNullable<Value>> extends { readonly id: infer Known }
      ? string extends Known
        ? Value & ErrorBody<Id, DetailsOfId<Errors, Id>>
        : Known extends Id
          ? Value
          : never
      : never

/** Whether a value is an error of this id: a body in whichever format, or what `readScsError` has returned. Never throws. */
export function hasId(value: unknown, id: string): boolean {
  try {
    const error = readBody(value, {})
    if (error === undefined) return false
    if (error.id === id) return true
    // The body has the code alone, and several ids may become the same one.
    return error !== value && error.format === 'pymacaron' && error.code === toCode(id)
  } catch {
    // A getter or a Proxy trap threw.
    return false
  }
}

/**
 * Whether a value is the error of an id, and narrows it to that error's details. Takes what `readScsError` and `readScsResponse` return, and a
 * body in whichever format. Never throws.
 *
 * @param id an id of `ScsErrors`, or any where an application has added none
 */
export function isScsError<Value, const Id extends IdOf<ScsErrors>>(
  value: Value,
  id: Id,
): value is Value & Narrowed<Value, Id, ScsErrors> {
  return hasId(value, id)
}
