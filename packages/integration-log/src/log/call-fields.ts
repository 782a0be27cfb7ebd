import { show } from '@fastify-scs/core/kit'
import type { CallStart } from '../call.js'
import { FieldError } from '../errors.js'
import type { Reference } from '../record.js'
import { referenceIn } from './check-fields.js'

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
    if (value === undefined || typeof value === 'string') continue
    delete checked[name]
    if (value !== null) onWrong(new FieldError(name, 'a string', show(value)))
  }
  if (reference !== undefined) {
    const found = readReference(reference, onWrong)
    if (found === undefined) delete checked.reference
    else checked.reference = found
  }
  return checked
}

function readReference(given: unknown, onWrong: (error: unknown) => void): Reference | undefined {
  try {
    const found = referenceIn(given)
    if (found === undefined && given !== null)
      onWrong(new FieldError('reference', '{ type, id }', show(given)))
    return found
  } catch (error) {
    // A getter that throws.
    onWrong(error)
    return undefined
  }
}
