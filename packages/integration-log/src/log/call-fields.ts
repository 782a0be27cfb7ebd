import type { CallStart } from '../call.js'
import { FieldError } from '../errors.js'
import { referenceIn, shown } from './check-fields.js'

const TEXTS = ['description', 'requestId', 'retryOf'] as const

/** A start in the making. */
type MutableStart = { -readonly [Name in keyof CallStart]: CallStart[Name] }

/**
 * The start of a call without those fields of the application that are wrong; a reference's id may be a number. The call itself goes on,
 * whatever they are.
 *
 * @param onWrong Is told of each.
 */
export function checkedStart(start: CallStart, onWrong: (error: unknown) => void): CallStart {
  const { reference, description, requestId, retryOf } = start
  const isTold = reference !== undefined || description !== undefined
  // As with most calls: nothing is made then.
  if (!isTold && requestId === undefined && retryOf === undefined) return start
  const checked: MutableStart = { ...start }
  for (const name of TEXTS) {
    const value: unknown = start[name]
    if (typeof value === 'string') continue
    delete checked[name]
    if (isGiven(value)) onWrong(new FieldError(name, 'a string', shown(value)))
  }
  try {
    delete checked.reference
    const found = referenceIn(reference)
    if (found !== undefined) checked.reference = found
    else if (isGiven(reference))
      onWrong(new FieldError('reference', '{ type, id }', shown(reference)))
  } catch (error) {
    // A getter that throws.
    onWrong(error)
  }
  return checked
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}
