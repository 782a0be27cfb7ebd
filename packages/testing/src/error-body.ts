import { isObject, toKebabCase } from '@fastify-scs/core/kit'

/** An error answer, in whichever of the three formats it was. */
export interface ErrorAnswer {
  /** In kebab case: `orders-sold-out`. */
  readonly id: string
  readonly message: string
  readonly details: unknown
  /** The id of the report about it. */
  readonly errorId: string | undefined
}

type Fields = Readonly<Record<string, unknown>>

/** Reads the body of an error answer in the format `scs`, `problem` or `pymacaron`; undefined for anything else. */
export function readErrorBody(body: unknown): ErrorAnswer | undefined {
  if (!isObject(body)) return undefined
  const fields = body as Fields
  return ofScs(fields.error) ?? ofProblem(fields) ?? ofPymacaron(fields)
}

function ofScs(error: unknown): ErrorAnswer | undefined {
  if (!isObject(error)) return undefined
  const { id, message, details } = error as Fields
  if (typeof id !== 'string') return undefined
  return { id, message: textOf(message), details, errorId: undefined }
}

function ofProblem({
  id,
  title,
  detail,
  details,
  errors,
  error_id,
}: Fields): ErrorAnswer | undefined {
  if (typeof id !== 'string' || typeof title !== 'string') return undefined
  return { id, message: textOf(detail), details: errors ?? details, errorId: idOf(error_id) }
}

function ofPymacaron(fields: Fields): ErrorAnswer | undefined {
  const { error, error_description, user_message, error_details, error_id } = fields
  if (typeof error !== 'string' || error_description === undefined) return undefined
  const message = textOf(user_message ?? error_description)
  return { id: toKebabCase(error), message, details: error_details, errorId: idOf(error_id) }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function idOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
